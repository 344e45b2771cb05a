import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataFolder, ROOT } from "./testing/folder.ts";
import { type Handle, newAdminToken, type People, signIn } from "./testing/people.ts";
import { type Ended, type Running, runCli, serve } from "./testing/processes.ts";
import { publicKeysOf, verdictOn } from "./testing/trail.ts";
import { until } from "./testing/waiting.ts";

const PREFERENCES = join(ROOT, "examples/shop/changes/add-user-preferences");

describe("sessions in a terminal, against a server", () => {
  const folder = dataFolder();
  const desk = mkdtempSync(join(tmpdir(), "change-mgmt-desk-"));
  const adminToken = newAdminToken();
  let server: Running;
  let people: People;

  /** Types a line as somebody, at a desk with nothing but a token. */
  const type = (who: Handle | null, ...line: string[]): Promise<Ended> =>
    runCli(
      line,
      {
        CHANGE_MGMT_SERVER: server.address,
        XDG_CONFIG_HOME: join(desk, "config"),
        ...(who === null ? {} : { CHANGE_MGMT_TOKEN: people[who].token }),
      },
      desk,
    );
  /** The same with --json: the one document on stdout. */
  const typeJson = async (who: Handle | null, ...line: string[]) => {
    const { code, stdout, stderr } = await type(who, ...line, "--json");
    return { code, stderr, said: JSON.parse(stdout) as Record<string, unknown> };
  };
  const fine = async (who: Handle, ...line: string[]) => {
    const answer = await typeJson(who, ...line);
    expect({ line, code: answer.code, said: answer.code === 0 ? {} : answer.said }).toEqual({
      line,
      code: 0,
      said: {},
    });
    return answer.said;
  };

  beforeAll(async () => {
    server = await serve([`--data-dir=${folder.path}`], { CHANGE_MGMT_ADMIN_TOKEN: adminToken });
    people = await signIn(server.address, adminToken);
  });
  afterAll(async () => {
    await server?.kill();
    folder.remove();
    rmSync(desk, { recursive: true, force: true });
  });

  test("the binary runs from a clone and answers what it knows without a server", async () => {
    const { stdout } = await promisify(execFile)(join(ROOT, "bin/change-mgmt"), ["--help"], { cwd: desk });
    expect(stdout).toContain("Usage: change-mgmt");
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("a change is created, shown, worked on, refused, approved and deployed; exit codes say how it went", async () => {
    const created = await fine(
      "rosa",
      "create",
      `--from=${PREFERENCES}/change.yaml`,
      `--migration=${PREFERENCES}/up.sql`,
      `--down=${PREFERENCES}/down.sql`,
      "--name=20260406090000_add_user_preferences.sql",
    );
    const number = String(created.number);
    expect(number).toMatch(/^CHG-\d+$/);
    expect(created).toMatchObject({ status: "draft", requester: "rosa", title: "Add user preferences" });

    expect(await fine("rosa", "submit", number)).toMatchObject({ status: "assessing" });
    expect(await fine("dev", "assess", number, "--impact=One column more.")).toMatchObject({ number });
    for (const step of [
      "templates",
      "migration-files",
      "repository-methods",
      "api-endpoints",
      "client-methods",
      "automated-tests",
    ])
      await fine("dev", "step", "complete", number, step, `--note=${step} is done`);
    await until(
      "it awaits approval",
      () => fine("audrey", "status", number),
      ({ status }) => status === "awaiting_approval",
    );
    await fine("dev", "step", "complete", number, "code-review", "--link=https://git.example/shop/pull/41");

    const own = await typeJson("rosa", "approve", number);
    expect(own).toMatchObject({
      code: 1,
      said: { ok: false, problem: { code: "OWN_CHANGE", hint: expect.any(String) } },
    });
    const early = await type("olga", "deploy", number, "--environment=development");
    expect(early).toMatchObject({ code: 1, stdout: "" });
    expect(early.stderr).toContain("NO_TRANSITION");

    await fine("lena", "approve", number, "--comment=Fine.");
    const shown = await type("rosa", "show", number);
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    for (const word of [number, "Add user preferences", "lena", "development"]) expect(shown.stdout).toContain(word);

    expect(await fine("olga", "deploy", number, "--environment=development")).toMatchObject({
      state: "succeeded",
      environment: "development",
    });
    expect(await fine("olga", "rollback", number, "--environment=development", "--reason=Only trying.")).toMatchObject({
      state: "succeeded",
      direction: "rollback",
    });
    const list = (await fine("audrey", "list", "--active")) as { items?: { number: string; status: string }[] };
    expect(list.items).toEqual([expect.objectContaining({ number, status: "rolled_back" })]);
  });

  test.each([
    ["nobody is signed in", null, ["list"], 1, "NOT_SIGNED_IN"],
    ["a role is missing", "audrey", ["create", "--type=index", "--title=Mine"], 1, "NOT_ALLOWED"],
    ["there is no such change", "rosa", ["show", "CHG-999"], 1, "CHANGE_UNKNOWN"],
    [
      "the form is not filled in",
      "rosa",
      ["create", "--type=add-field", "--title=T", "--field=colour=red"],
      1,
      "FORM_INVALID",
    ],
    ["there is no such option", "rosa", ["show", "CHG-1", "--sideways"], 2, "USAGE"],
    ["a file is missing", "rosa", ["create", "--from=none.yaml"], 3, "none.yaml"],
    ["no server is there", "rosa", ["list", "--server=http://127.0.0.1:9"], 3, "127.0.0.1:9"],
  ] as const)("what is wrong is said with its own exit code: %s", async (_, who, line, code, word) => {
    const { code: exit, said } = await typeJson(who, ...line);
    expect({ exit, said: JSON.stringify(said) }).toEqual({ exit: code, said: expect.stringContaining(word) });
    expect(said).toMatchObject({ ok: false, problem: { code: expect.any(String), hint: expect.any(String) } });
  });

  describe("the audit trail as a file", () => {
    const at = (name: string) => join(desk, name);
    let lines: string[];

    beforeAll(async () => {
      await fine("audrey", "audit", "checkpoint", "--output=earlier.json");
      await fine(
        "rosa",
        "create",
        "--type=index",
        "--title=One more for the trail",
        "--description=Later than the checkpoint",
        "--component=data-layer",
        "--table=users",
      );
      await fine("audrey", "audit", "export", "--output=audit.jsonl");
      writeFileSync(at("audit.pub"), Object.values(publicKeysOf(folder.path))[0]!);
      lines = readFileSync(at("audit.jsonl"), "utf8").trimEnd().split("\n");
    });

    const verify = (text: string, ...options: string[]) => {
      writeFileSync(at("tampered.jsonl"), text);
      return typeJson(null, "audit", "verify", "tampered.jsonl", ...options);
    };
    const joined = (some: readonly string[]) => `${some.join("\n")}\n`;

    test("is whole, signed, and goes on from the checkpoint", async () => {
      const said = await typeJson(
        null,
        "audit",
        "verify",
        "audit.jsonl",
        "--key=audit.pub",
        "--checkpoint=earlier.json",
      );
      expect(said).toMatchObject({
        code: 0,
        said: { ok: true, count: lines.length - 2, signature: "valid", checkpoint: "held" },
      });
      const words = await type(null, "audit", "verify", "audit.jsonl", "--key=audit.pub");
      expect(words).toMatchObject({ code: 0, stderr: "" });
      expect(words.stdout).toContain(`${lines.length - 2} entries, unbroken and whole`);
    });

    test("is refused with a byte changed, an entry removed, two swapped, or its tail cut, and the place is named", async () => {
      const middle = Math.floor(lines.length / 2);
      const changed = lines.map((line, n) => (n === middle ? line.replace('"outcome":"', '"outcome":"x') : line));
      const without = (n: number) => lines.filter((_, index) => index !== n);
      const swapped = lines.map((line, n) => (n === middle ? lines[n + 1]! : n === middle + 1 ? lines[n - 1]! : line));
      const cases: [string, string[], number][] = [
        ["a byte changed", changed, middle + 1],
        ["an entry removed", without(middle), middle + 1],
        ["the last entry removed", without(lines.length - 2), lines.length - 1],
        ["two entries swapped", swapped, middle + 1],
        ["the tail cut off", lines.slice(0, middle), middle],
        ["all but the header cut off", lines.slice(0, 1), 1],
      ];
      for (const [what, tampered, line] of cases) {
        const { code, said } = await verify(joined(tampered), "--key=audit.pub");
        const { problem } = said as { problem: { code: string; hint: string; place: { file: string; line: number } } };
        expect({ what, code, place: problem.place }).toEqual({
          what,
          code: 1,
          place: { file: "tampered.jsonl", line },
        });
        expect(problem.hint).toMatch(/\w/);
      }
    });

    test("is refused when it ends before what a checkpoint knew, though it was sealed again", async () => {
      // An older, shorter export that is in itself whole: what somebody would show who wants the tail forgotten.
      await fine("rosa", "comment", "CHG-1", "Something that somebody would rather forget.");
      await fine("audrey", "audit", "checkpoint", "--output=newer.json");
      const { code, said } = await verify(joined(lines), "--key=audit.pub", "--checkpoint=newer.json");
      expect({ code, said }).toMatchObject({ code: 1, said: { problem: { code: "CHECKPOINT_AHEAD" } } });
    });

    test("no byte of any line can be changed unseen", { timeout: 60_000 }, async () => {
      const keys = publicKeysOf(folder.path);
      const whole = readFileSync(at("audit.jsonl"));
      expect(statSync(at("audit.jsonl")).size).toBe(whole.length);
      let start = 0;
      for (const [n, line] of lines.entries()) {
        const length = Buffer.byteLength(line);
        for (const offset of [0, Math.floor((length * (n % 7)) / 7), length - 1]) {
          const bytes = Buffer.from(whole);
          bytes[start + offset] = bytes[start + offset]! ^ 1;
          const verdict = await verdictOn(bytes, keys);
          // Of the header and the seal the difference shows where the two are compared.
          const isEntry = n > 0 && n < lines.length - 1;
          expect({ n, offset, ok: verdict.ok }).toEqual({ n, offset, ok: false });
          if (isEntry) expect(verdict).toMatchObject({ place: { line: n + 1 } });
        }
        start += length + 1;
      }
    });
  });

  test("serve ends in order when it is told to, with exit code 0", async () => {
    expect(await server.stop()).toBe(0);
    expect(server.stderr()).toContain("Stopping");
    server = await serve([`--data-dir=${folder.path}`], { CHANGE_MGMT_ADMIN_TOKEN: adminToken });
    const { said } = await typeJson("audrey", "list");
    expect((said.items as unknown[]).length).toBeGreaterThan(0);
  });
});
