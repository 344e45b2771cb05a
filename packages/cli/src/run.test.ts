import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeRefusal, type FakeServer, startFakeServer } from "./testing/fake-server.ts";
import { runLine } from "./testing/run-line.ts";
import { aChange, aSummary } from "./testing/samples.ts";

/** Clears the screen by either of two sequences, and turns the rest around. */
const HOSTILE = "\u001b[2J\u009b2J\u202egnp.exe\u2066\u007f";

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer({
    "changes.list": () => ({ items: [aSummary({ title: HOSTILE })], nextCursor: null }),
    "changes.get": ({ params }) => {
      if (params.id === "CHG-500") throw new FakeRefusal(503, "STORE_UNAVAILABLE", "The store does not answer.");
      if (params.id !== "CHG-12") throw new FakeRefusal(404, "CHANGE_UNKNOWN", `There is no change ${params.id}.`);
      return aChange();
    },
    "changes.submit": () => {
      throw new FakeRefusal(422, "FORM_INVALID", "The form is not complete.", {
        place: { pointer: "/fields" },
        problems: [
          {
            code: "FIELD_REQUIRED",
            message: "Affected tables are missing.",
            place: { pointer: "/fields/tables" },
            hint: "Name one.",
          },
          {
            code: "FIELD_TOO_LONG",
            message: "The title is too long.",
            place: { file: "change.yaml", line: 3, column: 5 },
          },
        ],
      });
    },
  });
});
afterAll(async () => {
  expect(server.violations).toEqual([]);
  await server.close();
});

describe("wrong usage", () => {
  test.each([
    [["stauts"], "Unknown command 'stauts'.", "Did you mean status?"],
    [["step", "complte"], "Unknown command 'complte'.", "Did you mean complete?"],
    [["list", "--staus=draft"], "Unknown option '--staus'.", "Did you mean --status?"],
    [["step"], '"step" needs to know what to do.', "step complete, step add"],
    [["show"], "<change> is missing: number or id of the change", "--help"],
    [["cancel", "CHG-1"], "--reason is missing.", "--help"],
    [["show", "CHG-1", "CHG-2"], '"CHG-2" is one argument too many.', "quotes"],
    [["show", "--change-id=CHG-1", "CHG-2"], '"CHG-2" is one argument too many.', "quotes"],
    [["list", "--limit=many"], "--limit=many is not a whole number from 1 to 200.", "--limit=1"],
    [["list", "--status=nearly"], '"nearly" is no status.', "draft"],
    [["list", "--status"], "argument missing", "help"],
    [
      ["assess", "CHG-1", "--impact=x", "--complexity=huge"],
      "'huge' is invalid. Allowed choices are low, medium, high.",
      "help",
    ],
    [["create", "--field=nothing"], "--field=nothing names no field.", "--field=key=value"],
    [["create", "--down=a.sql"], "--down=a.sql follows no migration.", "after the --migration"],
    [["create", "--arg=a"], "--arg=a follows no external command.", "after the --external"],
    [["create", "--name=a"], "--name=a follows nothing it could name.", "after a --migration"],
    [["create", "--manual=switch it on"], "does not say both what is done and how it is taken back", "::"],
    [["edit", "CHG-1"], "Nothing to change was named.", "--title"],
    [["user", "edit", "ada"], "Nothing to change was named.", "--help"],
    [["user", "edit", "ada", "--enable", "--disable"], "Both --disable and --enable", "one of them"],
    [["user", "create", "ada", "--position=@data"], "--position=@data names no position.", "tech-lead@data"],
    [["deploy", "CHG-1"], "--environment is missing.", "environment list"],
    [["deploy", "CHG-1", "staging", "--environment=production"], 'Both "production" and "staging"', "Name one"],
    [["audit", "list", "--from=yesterday"], "--from=yesterday is not a time.", "2026-11-21"],
    [
      ["report", "send", "CHG-1", "--kind=tests", "--commit=abcd", "--passed=1"],
      "How many passed and how many failed",
      "--failed=0",
    ],
    [["completion", "tcsh"], 'There is no completion for "tcsh".', "bash, zsh, fish"],
    [["help", "step", "finish"], 'There is no command "step finish".', "step complete"],
    [["--server=ftp://x", "list"], '"ftp://x" is not the address of a server.', "http://127.0.0.1:7070"],
    [["--server=http://me:secret@host", "list"], "is not the address of a server.", "a token never belongs into it"],
    [["--json"], "No command was given.", "help"],
  ])("%j is refused with exit code 2, a sentence and a hint", async (argv, sentence, hint) => {
    const said = await runLine(argv);
    expect(said.code).toBe(2);
    const text = argv.includes("--json") ? said.stdout : said.stderr;
    expect(text).toContain(sentence);
    expect(text).toContain(hint);
    if (!argv.includes("--json")) expect(said.stdout).toBe("");
    const json = await runLine(["--json", ...argv]);
    expect(json.code).toBe(2);
    expect(json.stderr).toBe("");
    expect(json.json()).toMatchObject({
      ok: false,
      problem: { code: "USAGE", detail: expect.stringContaining(sentence) },
    });
  });

  test("asks no server before the line is understood", async () => {
    const before = server.log.length;
    await runLine(["deploy", "CHG-12", "--bogus"], { server: server.address });
    expect(server.log.length).toBe(before);
  });
});

describe("refusals of the server", () => {
  test("are printed whole: sentence, code, place, problems and hints", async () => {
    const { code, stderr, stdout } = await runLine(["submit", "CHG-12"], { server: server.address });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(`✗ The form is not complete. [FORM_INVALID]
  at /fields
  · /fields/tables: Affected tables are missing. [FIELD_REQUIRED]
    Name one.
  · change.yaml:3:5: The title is too long. [FIELD_TOO_LONG]
  hint: What to do about it.
`);
  });

  test("are one document with --json", async () => {
    const said = await runLine(["submit", "CHG-12", "--json"], { server: server.address });
    expect(said.code).toBe(1);
    expect(said.json()).toMatchObject({
      ok: false,
      problem: { code: "FORM_INVALID", place: { pointer: "/fields" }, problems: [{ code: "FIELD_REQUIRED" }, {}] },
    });
  });

  test.each([null, "another-token"])(
    "of somebody it does not know (token: %s) say how one signs in here",
    async (token) => {
      const { code, stderr } = await runLine(["show", "CHG-12"], { server: server.address, token });
      expect(code).toBe(1);
      expect(stderr).toContain("change-mgmt login");
      expect(stderr).not.toContain("Authorization");
    },
  );

  test("of a server that cannot work are exit code 3", async () => {
    const said = await runLine(["show", "CHG-500"], { server: server.address });
    expect(said.code).toBe(3);
    expect(said.stderr).toContain("[STORE_UNAVAILABLE]");
  });

  test("of somebody not signed in are exit code 1", async () => {
    const said = await runLine(["show", "CHG-12"], { server: server.address, token: null });
    expect(said.code).toBe(1);
    expect(said.stderr).toContain("[NOT_SIGNED_IN]");
  });
});

describe("servers that are none", () => {
  test("an address where nobody answers is exit code 3, names the address and how to start one", async () => {
    const gone = await startFakeServer({});
    await gone.close();
    const said = await runLine(["list"], { server: gone.address });
    expect(said.code).toBe(3);
    expect(said.stderr).toContain(
      `No change-mgmt server answers at ${gone.address} (ECONNREFUSED). [SERVER_UNREACHABLE]`,
    );
    expect(said.stderr).toContain("change-mgmt serve");
  });
});

describe("help", () => {
  test("without a word prints the commands, exit code 0", async () => {
    const said = await runLine([]);
    expect(said.code).toBe(0);
    expect(said.stdout).toContain("Create a change request");
    expect(said.stdout).not.toContain("__complete");
    expect(said.stderr).toBe("");
  });

  test("says the same by --help and by help, with an example", async () => {
    const [option, word] = await Promise.all([
      runLine(["step", "complete", "--help"]),
      runLine(["help", "step", "complete"]),
    ]);
    expect(option.stdout).toBe(word.stdout);
    expect(word.stdout).toContain("change-mgmt step complete [options] <change> <step>");
    expect(word.stdout).toContain("$ change-mgmt step complete CHG-12");
  });

  test("of a noun lists its verbs", async () => {
    const [option, word] = await Promise.all([runLine(["token", "--help"]), runLine(["help", "token"])]);
    expect(word.stdout).toContain("revoke");
    expect(option.stdout).toBe(word.stdout);
  });

  test("for machines publishes the schema of a command's document", async () => {
    const said = await runLine(["help", "create", "--json"]);
    expect(said.json()).toMatchObject({
      ok: true,
      path: "create",
      schema: { $defs: { Change: { properties: { number: { type: "string" } } } } },
    });
    const all = await runLine(["help", "--json"]);
    expect(all.json()).toMatchObject({
      commands: expect.arrayContaining([expect.objectContaining({ path: "deploy" })]),
    });
  });

  test("version is a word alone", async () => {
    expect((await runLine(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test("nothing in an answer drives the reader's terminal, neither on a page nor in JSON, which keeps it as it was typed", async () => {
  for (const format of [[], ["--json"]]) {
    const { stdout } = await runLine(["list", ...format], { server: server.address });
    expect([...stdout].filter((one) => one !== "\n" && /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(one))).toEqual([]);
    if (format.length > 0) expect(JSON.parse(stdout)).toMatchObject({ items: [{ title: HOSTILE }] });
  }
});
