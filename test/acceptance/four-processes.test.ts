import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProcess } from "@change-mgmt/analysis/configuration/process-file.ts";
import { otherNames, ownWords, renamed } from "@change-mgmt/analysis/testing/renamed-process.ts";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataFolder, ROOT } from "./testing/folder.ts";
import { clientOf, newAdminToken } from "./testing/people.ts";
import { handwork } from "./testing/road.ts";
import { type Desk, Session } from "./testing/session.ts";

const PROCESSES = join(ROOT, "processes");
const NAMES = readdirSync(PROCESSES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const ENVIRONMENTS = ["development", "staging", "production"] as const;

/** What each process is asked for: a type that may start at any hour, and the answers its form wants. */
const WANTED: Readonly<Record<string, { readonly type: string; readonly fields: object }>> = {
  "data-layer": { type: "add-field", fields: { tables: ["users"] } },
  itil: {
    type: "emergency",
    fields: {
      justification: "Needed.",
      impact: "low",
      probability: "low",
      rollbackPlan: "Look away.",
      testingCompleted: "Looked.",
      monitoringPlan: "Look on.",
      implementationPlan: "Look.",
      validationSteps: "Look again.",
    },
  },
  "change-control": {
    type: "standard",
    fields: {
      kind: "documentation",
      solution: "Look.",
      expectedImpact: "None.",
      rollbackPlan: "Look away.",
      impact: "minimal",
      likelihood: "very-low",
    },
  },
  snapshot: { type: "data", fields: { views: ["words"], items: 3 } },
};

type Words = (process: string) => (word: string) => string;

const asTheyAre: Words = () => (word) => word;

/** A copy of the processes in which every name, type, position, board, stage and step is another word, and those words. */
async function renamedCopy(folder: string): Promise<Words> {
  const words: Record<string, (word: string) => string> = {};
  // A position is one and the same in all processes, and so is its other name.
  const positions = new Map<string, string>();
  for (const [index, name] of NAMES.entries()) {
    cpSync(join(PROCESSES, name), join(folder, name), { recursive: true });
    const file = join(folder, name, "process.yaml");
    const loaded = await loadProcess(join(PROCESSES, name));
    if (!loaded.ok) throw new Error(loaded.refusal.message);
    const own = ownWords(loaded.value.process);
    const other = otherNames(own, `p${index}w`);
    for (const { id } of loaded.value.process.positions ?? []) {
      if (!positions.has(id)) positions.set(id, other(id));
    }
    const another = (word: string) => positions.get(word) ?? other(word);
    writeFileSync(file, renamed(readFileSync(file, "utf8"), new Set(own), another));
    words[name] = another;
  }
  return (process) => words[process]!;
}

describe.each([
  ["as they are", false],
  ["by any other words", true],
])("four processes in one workspace, %s", (_how, areRenamed) => {
  const folder = dataFolder();
  const copy = mkdtempSync(join(tmpdir(), "change-mgmt-processes-"));
  const adminToken = newAdminToken();
  let server: RunningServer;
  let desk: Desk;
  let words: Words = asTheyAre;
  let ratifying: string[];
  let daysLater = 0;

  beforeAll(async () => {
    if (areRenamed) words = await renamedCopy(copy);
    const started = await startServer({
      dataDir: folder.path,
      port: 0,
      host: "127.0.0.1",
      demo: false,
      env: {},
      adminToken,
      say: () => {},
      now: () => new Date(Date.now() + daysLater * 86_400_000),
      ...(areRenamed ? { processesFolder: copy } : {}),
    });
    if (!started.ok) throw new Error(started.refusal.message);
    server = started.value;
    const admin = clientOf(server.address, adminToken);
    const text = readFileSync(join(ROOT, "examples/shop/change-mgmt.yaml"), "utf8");
    const process = `process: ${words("data-layer")("data-layer")}`;
    await admin("config.import", { body: { text: text.replace("process: data-layer", process) } });
    const held = new Set<string>();
    for (const name of NAMES) {
      const loaded = await loadProcess(join(PROCESSES, name));
      if (loaded.ok) for (const { id } of loaded.value.process.positions ?? []) held.add(words(name)(id));
    }
    const seats = [...held].map((position, seat) => ({
      handle: `seat-${seat}`,
      roles: ["board-member" as const],
      teams: ["data-platform"],
      positions: [{ position }],
    }));
    const staff = [
      { handle: "rosa", roles: ["requester" as const] },
      { handle: "dev", roles: ["developer" as const, "operator" as const], teams: ["data-platform"] },
      { handle: "lena", roles: ["team-lead" as const], teams: ["data-platform"] },
      { handle: "archie", roles: ["architect" as const], teams: ["architecture"] },
      { handle: "olga", roles: ["operator" as const], teams: ["data-platform"] },
      { handle: "audrey", roles: ["auditor" as const] },
    ].map((person) => ({ teams: [], positions: [], ...person }));
    const tokens: Record<string, string> = {};
    for (const person of [...staff, ...seats]) {
      await admin("users.create", { body: { name: person.handle, ...person } });
      tokens[person.handle] = (await admin("tokens.create", { body: { name: "desk", user: person.handle } })).secret;
    }
    desk = { server: server.address, tokens };
    ratifying = seats.map(({ handle }) => handle);
  });
  afterAll(async () => {
    await server?.close();
    folder.remove();
    rmSync(copy, { recursive: true, force: true });
  });

  test.each(NAMES)(
    "%s: refused, rejected, taken up again, approved, deployed, rolled back, deployed and closed",
    async (name) => {
      const { type, fields } = WANTED[name]!;
      const word = words(name);
      const session = new Session(desk);
      await session.create("rosa", {
        process: word(name),
        fields: {
          title: "Look",
          description: "Somebody looks.",
          components: ["data-layer"],
          type: word(type),
          ...fields,
        },
        artifacts: [handwork("look")],
      });
      await session.workedUntil("dev", "awaiting_approval");
      expect((await session.refused("rosa", "approve", session.number)).code).toMatch(/^(OWN_CHANGE|NOT_ALLOWED)$/);
      expect((await session.refused("olga", "deploy", session.number, "--environment=development")).code).toBe(
        "NO_TRANSITION",
      );

      await session.rejected();
      expect(await session.refused("olga", "deploy", session.number, "--environment=development")).toMatchObject({
        code: "NO_TRANSITION",
      });
      // What was voted on is what it was; only other content is decided on anew.
      await session.fine("rosa", "edit", session.number, "--description=Somebody looks twice.");
      await session.fine("rosa", "rework", session.number, "--reason=Said better now.");
      await session.workedUntil("dev", "awaiting_approval");
      await session.approved();
      await session.workedUntil("dev", "approved");

      for (const environment of ENVIRONMENTS) await session.deployed("olga", environment);
      await session.rolledBack("olga", "production");
      expect((await session.show()).environments).toMatchObject([
        { environment: "development", state: "deployed" },
        { environment: "staging", state: "deployed" },
        { environment: "production", state: "rolled-back" },
      ]);
      await session.deployed("olga", "production");
      await session.closed("lena", ratifying, () => {
        daysLater = 8;
      });
      expect(await session.show()).toMatchObject({ status: "closed" });
    },
  );
});
