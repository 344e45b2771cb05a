import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Attachment } from "../change/change-types.ts";
import { FakeRefusal, type FakeServer, startFakeServer } from "../testing/fake-server.ts";
import { freshFolder, runLine } from "../testing/run-line.ts";
import { aChange, minutesAgo } from "../testing/samples.ts";

const hashOf = (content: string) => createHash("sha256").update(content).digest("hex");

function anAttachment(id: string, name: string, content = "fine\n", more: Partial<Attachment> = {}): Attachment {
  return {
    id,
    change: "CHG-12",
    name,
    type: "text/plain",
    declaredType: null,
    size: content.length,
    sha256: hashOf(content),
    by: "ada",
    at: minutesAgo(5),
    removed: null,
    steps: [],
    remove: { allowed: true },
    ...more,
  };
}

/** Attachments of the server, in order. */
let there: Attachment[];
let server: FakeServer;
let cwd: string;
const asked: Record<string, unknown> = {};

beforeAll(async () => {
  server = await startFakeServer({
    "changes.attachments": () => ({
      items: there,
      attach: { allowed: true },
      limits: { bytes: 100, count: 3, types: "Text" },
    }),
    "changes.attach": ({ query, body }) => {
      const content = Buffer.from(body as Uint8Array).toString("utf8");
      const same = there.find(({ name, sha256 }) => name === query.name && sha256 === hashOf(content));
      if (same) {
        throw new FakeRefusal(409, "ATTACHMENT_ALREADY", "It is there.", { details: { attachment: same.id } });
      }
      there = [...there, anAttachment(`f${there.length + 1}`, String(query.name), content)];
      return there.at(-1);
    },
    "attachments.download": () => "fine\n",
    "attachments.remove": ({ params }) => ({
      ...there.find(({ id }) => id === params.id)!,
      removed: { by: "ada", at: minutesAgo(0) },
    }),
    "changes.completeStep": ({ body }) => {
      asked.completeStep = body;
      return aChange();
    },
    "changes.comment": ({ body }) => {
      asked.comment = body;
      const { id, name, type, size, sha256 } = there[0]!;
      return { id: "c", author: "ada", text: "Look", at: minutesAgo(1), files: [{ id, name, type, size, sha256 }] };
    },
  });
});
afterAll(async () => {
  await server.close();
  expect(server.violations).toEqual([]);
});
beforeEach(() => {
  there = [];
  cwd = freshFolder();
  writeFileSync(join(cwd, "run.log"), "fine\n");
  writeFileSync(join(cwd, "more.log"), "more\n");
  writeFileSync(join(cwd, "large.log"), "x".repeat(101));
  mkdirSync(join(cwd, "folder"));
});

const line = (...argv: string[]) => runLine(argv, { cwd, server: server.address });

test("files are attached under their own names, one after the other", async () => {
  const said = await line("attach", "CHG-12", join(cwd, "run.log"), "./more.log");
  expect(said.code).toBe(0);
  expect(there.map(({ name, sha256 }) => [name, sha256])).toEqual([
    ["run.log", hashOf("fine\n")],
    ["more.log", hashOf("more\n")],
  ]);
  expect(said.stderr).toContain("run.log: attached (5 bytes)");
  expect(said.stdout).toContain(hashOf("more\n").slice(0, 12));
  there = [];
  expect((await line("attach", "CHG-12", "run.log", "--json")).json()).toMatchObject({ items: [{ name: "run.log" }] });
});

test.each([
  ["large.log", 1, "ATTACHMENT_TOO_LARGE"],
  ["folder", 3, "FILE_UNREADABLE"],
  ["nowhere.log", 3, "FILE_UNREADABLE"],
])("nothing is sent when one of the files is %s", async (file, code, word) => {
  const said = await line("attach", "CHG-12", "run.log", file);
  expect([said.code, there]).toEqual([code, []]);
  expect(said.stderr).toContain(word);
});

test("a file has to be named", async () => {
  expect(await line("attach", "CHG-12")).toMatchObject({ code: 2 });
});

test("the list shows what is evidence of what, what was removed by whom, and the limits", async () => {
  there = [
    anAttachment("f1", "run.log", "fine\n", { steps: ["tests"] }),
    anAttachment("f2", "old.log", "old", { removed: { by: "lena", at: minutesAgo(1) } }),
  ];
  const { stdout } = await line("attachments", "CHG-12");
  expect(stdout).toMatch(/f1\s+run\.log\s+text\/plain\s+5 bytes.*tests/);
  expect(stdout).toMatch(/f2\s+old\.log.*removed by lena/);
  expect(stdout).toContain("At most 100 bytes a file, 3 files. Text.");
  expect((await line("attachments", "CHG-12", "--json")).json()).toMatchObject({ items: [{ id: "f1" }, { id: "f2" }] });
});

test("an attachment is saved or sent on, never written to a terminal", async () => {
  expect(await line("attachment", "download", "f1", "--output=copy.log")).toMatchObject({
    code: 0,
    stdout: "copy.log: 5 bytes\n",
  });
  expect(readFileSync(join(cwd, "copy.log"), "utf8")).toBe("fine\n");
  expect((await line("attachment", "download", "f1")).stdout).toBe("fine\n");
  expect((await line("attachment", "download", "f1", "--json")).code).toBe(2);
  const onTerminal = await runLine(["attachment", "download", "f1"], { cwd, server: server.address, terminal: true });
  expect([onTerminal.code, onTerminal.stdout]).toEqual([2, ""]);
});

test("an attachment is removed by its id", async () => {
  there = [anAttachment("f1", "run.log")];
  expect((await line("attachment", "remove", "f1")).stdout).toBe("run.log: removed from CHG-12\n");
});

test("a step is completed with files, those attached before included", async () => {
  const said = await line("step", "complete", "CHG-12", "tests", "--attach=run.log", "--file=f9", "--note=Green");
  expect(said.code).toBe(0);
  expect(asked.completeStep).toEqual({
    evidence: [
      { kind: "file", attachment: "f9" },
      { kind: "note", value: "Green" },
      { kind: "file", attachment: "f1" },
    ],
  });
  const again = await line("step", "complete", "CHG-12", "tests", "--attach=run.log");
  expect(again.stderr).toContain("run.log: attached already");
  expect(asked.completeStep).toEqual({ evidence: [{ kind: "file", attachment: "f1" }] });
  expect(existsSync(join(cwd, "run.log"))).toBe(true);
});

test("a comment names the files beside it", async () => {
  const said = await line("comment", "CHG-12", "Look", "--attach=run.log");
  expect(asked.comment).toEqual({ text: "Look", attachments: ["f1"] });
  expect(said.stdout).toContain("run.log  f1");
  expect((await line("comment", "CHG-12", "--attach=run.log")).code).toBe(2);
});
