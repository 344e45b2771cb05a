import { expect, test } from "vitest";
import type { Attachment } from "../../change/attachment.ts";
import type { Actor } from "../../identity/roles.ts";
import { aChange } from "../../testing/builders.ts";
import { citeFiles, decideAttaching, decideRemoval, evidenceOf, mayAttach } from "./attachments.ts";

const LIMITS = { bytes: 1000, count: 3 };
const AT = "2026-01-02T10:00:00.000Z";
const ben: Actor = { userId: "u1", handle: "ben", roles: ["developer"], teams: [], positions: [] };
const change = aChange();
const closed = aChange({ status: "closed" });
const log = { name: "run.log", size: 5, sha256: "a1", content: { detected: null, text: "fine\n" } };

function attached(more: Partial<Attachment> = {}): Attachment {
  return { id: "f1", name: "run.log", type: "text/plain", size: 5, sha256: "a1", by: "ben", at: AT, ...more };
}

const decide = (file: Partial<typeof log> = {}, there: readonly Attachment[] = [], on = change) =>
  decideAttaching(on, { ...log, ...file }, there, LIMITS);

test("a file is attached as what is in it", () => {
  expect(decide()).toEqual({ ok: true, value: { type: "text/plain" } });
  expect(decide({ size: 1000 })).toMatchObject({ ok: true });
});

test.each([
  ["", "is missing"],
  ["  ", "is missing"],
  [`${"n".repeat(200)}.log`, "has more than 200 characters"],
  ["../run.log", "is a path"],
  ["C:\\run.log", "is a path"],
  ["..", "is a path"],
  ["run\n.log", "holds characters that are not seen"],
  ["run\u202egol.exe", "holds characters that are not seen"],
])("the name %j is refused", (name, why) => {
  expect(decide({ name })).toMatchObject({
    refusal: { code: "ATTACHMENT_NAME", message: `The name of the file ${why}.`, place: { pointer: "/query/name" } },
  });
});

test("nothing, too much, too many and what is of no allowed type are refused with their numbers", () => {
  expect(decide({ size: 0 })).toMatchObject({ refusal: { code: "ATTACHMENT_EMPTY" } });
  expect(decide({ size: 1001 })).toMatchObject({
    refusal: {
      code: "ATTACHMENT_TOO_LARGE",
      message: '"run.log" is larger than 1 kB.',
      details: { limit: 1000 },
    },
  });
  const three = ["1", "2", "3"].map((id) => attached({ id, sha256: id }));
  expect(decide({}, three)).toMatchObject({ refusal: { code: "ATTACHMENT_TOO_MANY", details: { limit: 3 } } });
  const removed = { by: "ben", at: AT };
  expect(decide({}, [...three.slice(1), attached({ removed })])).toMatchObject({ ok: true });
  expect(decide({ name: "run.exe" })).toMatchObject({ refusal: { code: "ATTACHMENT_TYPE" } });
});

test("the same bytes are attached once under a name; under another, or after a removal, again", () => {
  expect(decide({}, [attached({ by: "carla" })])).toMatchObject({
    refusal: { code: "ATTACHMENT_ALREADY", message: expect.stringContaining("carla"), details: { attachment: "f1" } },
  });
  expect(decide({ name: "other.log" }, [attached()])).toMatchObject({ ok: true });
  expect(decide({ sha256: "b2" }, [attached()])).toMatchObject({ ok: true });
  expect(decide({}, [attached({ removed: { by: "ben", at: AT } })])).toMatchObject({ ok: true });
});

test("a change that is over takes nothing and gives nothing away", () => {
  expect(mayAttach(change)).toEqual({ ok: true, value: true });
  expect(decide({}, [], closed)).toMatchObject({ refusal: { code: "CHANGE_OVER" } });
  expect(decideRemoval(closed, attached(), ben)).toMatchObject({ refusal: { code: "CHANGE_OVER" } });
});

test("an attachment is removed by who attached it or an administrator, once", () => {
  const carla: Actor = { ...ben, handle: "carla" };
  const admin: Actor = { ...carla, roles: ["administrator"] };
  expect(decideRemoval(change, attached(), ben)).toEqual({ ok: true, value: true });
  expect(decideRemoval(change, attached(), admin)).toEqual({ ok: true, value: true });
  expect(decideRemoval(change, attached(), carla)).toMatchObject({
    refusal: { code: "ATTACHMENT_NOT_YOURS", hint: "ben or an administrator can remove it." },
  });
  expect(decideRemoval(change, attached({ removed: { by: "admin", at: AT } }), ben)).toMatchObject({
    refusal: { code: "ATTACHMENT_REMOVED", message: `"run.log" was removed by admin at ${AT}.` },
  });
});

test("what a completed step names stays, what an open one might have named does not have to", () => {
  const file = { id: "f1", name: "run.log", type: "text/plain", size: 5, sha256: "a1" };
  const step = { id: "t", stage: "review", title: "Test", evidenceNeeded: [], by: [], automatic: false, added: false };
  const completed = { at: AT, by: "ben", evidence: [{ kind: "file" as const, value: "run.log", file }] };
  expect(decideRemoval({ ...change, steps: [{ ...step, completed }] }, attached(), ben)).toMatchObject({
    refusal: { code: "ATTACHMENT_RELIED_ON", message: expect.stringContaining('"Test"'), details: { step: "t" } },
  });
  expect(decideRemoval({ ...change, steps: [{ ...step, completed }] }, attached({ id: "f2" }), ben)).toMatchObject({
    ok: true,
  });
  expect(decideRemoval({ ...change, steps: [step] }, attached(), ben)).toMatchObject({ ok: true });
});

test("what was there when somebody voted stays, what came later does not have to", () => {
  const vote = { id: "v1", requirement: "team", voter: "lena", decision: "approve" as const, contentHash: "c" };
  const voted = (at: string) => ({ ...change, votes: [{ ...vote, at }] });
  expect(decideRemoval(voted("2026-01-02T10:00:00.000Z"), attached(), ben)).toMatchObject({
    refusal: { code: "ATTACHMENT_RELIED_ON", message: expect.stringContaining("lena"), details: { vote: "v1" } },
  });
  expect(decideRemoval(voted("2026-01-02T09:59:59.999Z"), attached(), ben)).toMatchObject({ ok: true });
});

test("evidence names a file with its hash; words stay words", () => {
  const given = [
    { kind: "note" as const, value: "Done." },
    { kind: "file" as const, attachment: "f1" },
    { kind: "report" as const, attachment: "f1", value: "All green", title: "Tests" },
    { kind: "link" as const },
  ];
  const file = { id: "f1", name: "run.log", type: "text/plain", size: 5, sha256: "a1" };
  expect(evidenceOf(change, given, [attached()])).toEqual({
    ok: true,
    value: [
      { kind: "note", value: "Done." },
      { kind: "file", value: "run.log", file },
      { kind: "report", value: "All green", title: "Tests", file },
      { kind: "link", value: "" },
    ],
  });
});

test("what is not of this change, or was removed, is no evidence and stands beside no comment", () => {
  const given = [
    { kind: "note" as const, value: "x" },
    { kind: "file" as const, attachment: "f9" },
  ];
  expect(evidenceOf(change, given, [attached()])).toMatchObject({
    refusal: { code: "ATTACHMENT_UNKNOWN", place: { pointer: "/evidence/1/attachment" } },
  });
  expect(citeFiles(change, ["f1", "f9"], [attached()])).toMatchObject({
    refusal: { code: "ATTACHMENT_UNKNOWN", place: { pointer: "/attachments/1" } },
  });
  expect(citeFiles(change, ["f1"], [attached({ removed: { by: "ben", at: AT } })])).toMatchObject({
    refusal: { code: "ATTACHMENT_REMOVED", place: { pointer: "/attachments/0" } },
  });
  expect(citeFiles(change, ["f1"], [attached()])).toEqual({
    ok: true,
    value: [{ id: "f1", name: "run.log", type: "text/plain", size: 5, sha256: "a1" }],
  });
});
