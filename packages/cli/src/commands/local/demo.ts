import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import { type Act, demoScript } from "../../demo/script.ts";
import { run } from "../../run.ts";
import { cannotRun, type Stop } from "../../stop.ts";
import { startedOr } from "./could-not-start.ts";
import { dataDirOption, storePlace } from "./local-options.ts";

const CHANGE_FOLDER = fileURLToPath(
  new URL("../../../../../examples/shop/changes/add-user-preferences/", import.meta.url),
);
const PATIENCE_MS = 180_000;

export const command = defineCommand({
  about: `Starts a server of its own in a temporary folder with the sample workspace, and takes one change from request to production and back,
as eight different people, through the same commands that everybody uses. At the end the audit trail is exported, verified, damaged and verified again.
With --server (or CHANGE_MGMT_SERVER) and an administrator's token it plays on that server instead, if that has the sample workspace.`,
  options: [dataDirOption],
  examples: ["change-mgmt demo", "change-mgmt demo --data-dir=./demo"],
  parse: (given) => ({ dataDir: given.text("dataDir") }),
  async run(context, { dataDir }) {
    const folder = await mkdtemp(join(tmpdir(), "change-mgmt-demo-"));
    const stage = await openStage(context, dataDir, folder);
    try {
      const play = new Play(context, stage.address, folder);
      const result = await play.all(stage.adminToken);
      return answer(result, (clean, { colours, signs }) => [
        "",
        `${colours.green(signs.yes)} ${clean.change} went the whole way: ${clean.acts} acts by ${clean.people} people, ${clean.refused} of them refused as they should be, ${clean.entries} audit entries verified.`,
        `  A single changed byte of the export was found: ${clean.tampered}.`,
      ]);
    } finally {
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
});

interface Stage {
  readonly address: string;
  readonly adminToken: string;
  close(): Promise<void>;
}

/** The server to play on: the one that was named, or one started for the purpose. */
async function openStage(context: Context, dataDir: string | undefined, folder: string): Promise<Stage> {
  const { address, token, from } = await context.connection();
  if (from === "option" || from === "environment") {
    if (!token)
      throw cannotRun(
        "NOT_SIGNED_IN",
        "The demo needs an administrator's token of that server.",
        "Set CHANGE_MGMT_TOKEN to it.",
      );
    return { address, adminToken: token, close: async () => {} };
  }
  const place = storePlace(context, dataDir ?? join(folder, "data"));
  const adminToken = context.env.CHANGE_MGMT_ADMIN_TOKEN || `cm_demo_${context.newKey()}`;
  const { startServer } = await import("@change-mgmt/server/main.ts");
  const server = await startedOr(
    startServer({
      ...place,
      port: 0,
      host: "127.0.0.1",
      demo: true,
      adminToken,
      env: context.env,
      say: (line) => context.say(`  ${line}`),
    }),
    0,
  );
  return { address: server.address, adminToken, close: () => server.close() };
}

/** Plays the script on a server, each act as its person and through the command line itself. */
class Play {
  readonly #context: Context;
  readonly #address: string;
  readonly #folder: string;
  readonly #tokens = new Map<string, string>();
  #change = "";
  #played = 0;
  #refused = 0;
  #total = 0;

  constructor(context: Context, address: string, folder: string) {
    this.#context = context;
    this.#address = address;
    this.#folder = folder;
  }

  async all(adminToken: string) {
    const scenes = demoScript({
      form: join(CHANGE_FOLDER, "change.yaml"),
      up: join(CHANGE_FOLDER, "up.sql"),
      down: join(CHANGE_FOLDER, "down.sql"),
    });
    const acts = scenes.flatMap((scene) => scene.acts);
    this.#total = acts.length;
    this.#tokens.set("admin", adminToken);
    await this.#untilSampleIsMade();
    for (const person of new Set(acts.map((act) => act.as))) {
      const made = await this.#ask("admin", ["token", "create", "demo", `--user=${person}`, "--expires-in-days=1"]);
      this.#tokens.set(person, String(made.secret));
    }
    const { colours } = this.#context.page;
    await this.#makeWay();
    for (const scene of scenes) {
      this.#context.say(`\n${colours.bold(scene.title)}`);
      for (const act of scene.acts) await this.#play(act);
    }
    const verified = await this.#ask("audrey", ["audit", "verify", join(this.#folder, "audit.jsonl")]);
    return {
      change: this.#change,
      acts: this.#played,
      people: this.#tokens.size - 1,
      refused: this.#refused,
      entries: Number(verified.count),
      head: String(verified.head),
      tampered: await this.#tamper(),
    };
  }

  /** The changes of the sample are deployed to the same environments: theirs come first. */
  async #untilSampleIsMade(): Promise<void> {
    const deadline = this.#context.now().getTime() + 2 * PATIENCE_MS;
    for (let last = -1; ; ) {
      const { state, made, inAll } = (await this.#ask("admin", ["sample", "show"])) as Record<string, unknown>;
      if (state !== "making" || this.#context.now().getTime() > deadline) return;
      if (made !== last) this.#context.say(`the sample is being made: ${made} of ${inAll} changes`);
      last = Number(made);
      await this.#context.pause(1000);
    }
  }

  /** Signs off what running deployments wait for: an environment takes one deployment at a time. */
  async #makeWay(): Promise<void> {
    const { createClient } = await import("@change-mgmt/api/client.ts");
    const olga = createClient({
      baseUrl: this.#address,
      token: this.#tokens.get("olga")!,
      newKey: this.#context.newKey,
    });
    const deadline = this.#context.now().getTime() + PATIENCE_MS;
    for (;;) {
      const { running } = await olga("overview");
      if (running.length === 0 || this.#context.now().getTime() > deadline) return;
      for (const { change, environment, step } of running) {
        if (step?.state !== "waiting") continue;
        this.#context.say(`olga makes way: ${change} is at work in ${environment} and waits for "${step.title}"`);
        await this.#ask("olga", ["sign-off", change, step.id, "--note=Done, so that the next one can go."]);
      }
      await this.#context.pause(500);
    }
  }

  async #play(act: Act): Promise<void> {
    if (act.after) await this.#until(act.after);
    const line = act.line.map((word) => word.replace("CHANGE", this.#change).replace("FOLDER", this.#folder));
    const { colours, signs } = this.#context.page;
    this.#played += 1;
    this.#context.say(
      `${colours.dim(`[${String(this.#played).padStart(2)}/${this.#total}]`)} ${colours.bold(act.as)} ${act.because}`,
    );
    this.#context.say(colours.dim(`        $ change-mgmt ${line.map(shellWord).join(" ")}`));
    const asked = await this.#type(act.as, [...line, "--json"]);
    const document = asked.document as {
      ok: boolean;
      problem?: { code: string; detail: string; hint: string };
      number?: string;
      steps?: unknown;
    };
    if (act.refused) {
      if (asked.exit !== 1 || document.problem?.code !== act.refused) throw broke(act, asked.text);
      this.#refused += 1;
      this.#context.say(`        ${colours.yellow(signs.no)} ${document.problem.detail} [${document.problem.code}]`);
      this.#context.say(colours.dim(`          ${document.problem.hint}`));
      return;
    }
    if (asked.exit !== 0) throw broke(act, asked.text);
    if (this.#change === "" && document.number) this.#change = document.number;
    this.#context.say(`        ${colours.green(signs.yes)} ${outcome(document as Record<string, unknown>)}`);
  }

  /** Waits for the change to come to a status by itself, as after a rehearsal. */
  async #until(status: string): Promise<void> {
    const deadline = this.#context.now().getTime() + PATIENCE_MS;
    for (let last = ""; ; ) {
      const change = await this.#ask("rosa", ["show", this.#change]);
      const now = String((change as { status?: unknown }).status);
      if (now === status) return;
      if (now !== last) this.#context.say(`        ${now} … waiting until the engine has brought it to ${status}`);
      last = now;
      if (this.#context.now().getTime() > deadline)
        throw cannotRun(
          "DEMO_STUCK",
          `${this.#change} is ${now} and does not become ${status}.`,
          "Look at it with change-mgmt show.",
        );
      await this.#context.pause(300);
    }
  }

  /** Changes one byte in the middle of the export and says what the verifier makes of it. */
  async #tamper(): Promise<string> {
    const file = join(this.#folder, "audit.jsonl");
    const bytes = await readFile(file);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61;
    const damaged = join(this.#folder, "damaged.jsonl");
    await writeFile(damaged, bytes);
    const { exit, document } = await this.#type("audrey", ["audit", "verify", damaged, "--json"]);
    const { problem } = document as { problem?: { code: string; place?: { line?: number } } };
    if (exit !== 1 || !problem)
      throw cannotRun("DEMO_BROKE", "A damaged export was taken for sound.", "This is a defect of change-mgmt.");
    return `${problem.code} in line ${problem.place?.line}`;
  }

  async #ask(as: string, line: readonly string[]): Promise<Record<string, unknown>> {
    const { exit, document, text } = await this.#type(as, [...line, "--json"]);
    if (exit !== 0)
      throw cannotRun(
        "DEMO_BROKE",
        `change-mgmt ${line[0]} ${line[1]} was refused: ${text}`,
        "The demo needs the sample workspace and an administrator's token.",
      );
    return document;
  }

  async #type(
    as: string,
    line: readonly string[],
  ): Promise<{ exit: number; document: Record<string, unknown>; text: string }> {
    let text = "";
    const { stdin, cwd, now, newKey, pause, interrupted, stderr, env } = this.#context;
    const exit = await run(line, {
      stdin,
      cwd,
      now,
      newKey,
      pause,
      interrupted,
      stderr: indented(stderr),
      stdout: {
        write(chunk, done) {
          text += String(chunk);
          done?.();
        },
      },
      env: { ...env, CHANGE_MGMT_SERVER: this.#address, CHANGE_MGMT_TOKEN: this.#tokens.get(as) },
    });
    return { exit, text, document: JSON.parse(text || "{}") as Record<string, unknown> };
  }
}

/** What came of an act, in one line. */
function outcome(document: Record<string, unknown>): string {
  const { number, stageTitle, environment, direction, state, targetState, count, file, result } = document;
  if (typeof environment === "string" && typeof state === "string")
    return `${direction === "rollback" ? "rollback in" : "deployment to"} ${environment}: ${state}. ${targetState ?? ""}`;
  if (typeof number === "string") return `${number} is at "${stageTitle}"`;
  if (typeof count === "number") return `${count} entries, unbroken and whole`;
  if (typeof result === "string") return `validation: ${result}`;
  return typeof file === "string" ? `written to ${file}` : "done";
}

function broke(act: Act, text: string): Stop {
  return cannotRun(
    "DEMO_BROKE",
    `${act.as} ${act.because}: that went otherwise than it should have. ${text}`,
    "This is a defect of change-mgmt, or the server has no sample workspace.",
  );
}

function shellWord(word: string): string {
  return /^[\w./:=@,-]+$/.test(word) ? word : `'${word}'`;
}

/** Messages of the acts stand under them. */
function indented(sink: Context["stderr"]): Context["stderr"] {
  return {
    columns: sink.columns,
    write: (chunk, done) => sink.write(String(chunk).replace(/^(?=.)/gm, "        "), done),
  };
}
