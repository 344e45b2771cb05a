import { expect, test } from "vitest";
import type { AuditRecord } from "../../data/types.ts";
import { happeningOf } from "./events.ts";

const record = (event_type: string, details: Record<string, unknown> = {}): AuditRecord => ({
  seq: 1,
  hash: "h",
  entry: { event_type, timestamp: "2026-11-20T10:00:00.000000Z", actor: { handle: "lena" }, details },
});
const tell = (event: string, details?: Record<string, unknown>) =>
  happeningOf(record(event, details), (id) => id.toUpperCase());

test("a comment is told with its text and counts as said", () => {
  expect(tell("change.commented", { text: "Go **on**" })).toEqual({
    key: "h",
    at: "2026-11-20T10:00:00.000000Z",
    who: "lena",
    words: "commented",
    kind: "waiting",
    text: "Go **on**",
    said: true,
  });
});

test.each([
  ["vote.rejected", { comment: "No" }, "rejected", true],
  ["change.approved", { from: "review", to: "ready", trigger: "ready" }, 'moved it to "READY"', false],
  ["deployment.requested", { environment: "staging" }, "asked to deploy to staging", false],
  ["change.deploy.refused", { code: "X", message: "Not yet." }, "was refused to deploy: Not yet.", false],
  ["attachment.added", { name: "run.log" }, "attached run.log", false],
  ["attachment.removed", { name: "run.log" }, "removed the attachment run.log", false],
  ["deployment.signed-off", { step: "manual-1:step-1", title: "Restart it" }, 'signed off "Restart it"', false],
  ["something.new-here", {}, "something new here", false],
])("%s reads as people say it", (event, details, words, said) => {
  expect(tell(event, details)).toMatchObject({ words, said });
});

test("a comment is told with the files beside it", () => {
  const file = { id: "f1", name: "run.log", type: "text/plain", size: 5, sha256: "a1" };
  expect(tell("change.commented", { text: "See", files: [file] })).toMatchObject({ text: "See", files: [file] });
});

test("a step that the engine completed has no line, one that a person completed has", () => {
  expect(tell("step.completed", { title: "Number it", by: "engine" })).toBeUndefined();
  expect(tell("step.completed", { title: "Look" })?.words).toBe('completed "Look"');
});

test("an empty text is no text", () => {
  expect(tell("vote.approved", { comment: " " })).not.toHaveProperty("text");
  expect(tell("vote.approved", { comment: null })).not.toHaveProperty("text");
});
