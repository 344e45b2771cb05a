import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { composeEntry, type EntryInput, entryHash, entryText, entryTextHash, NO_HASH, userStream } from "./entry.ts";

const input: EntryInput = {
  event: { type: "change.approved", details: { requirement: "owning-team" } },
  actor: {
    userId: "0199a000-0000-7000-8000-000000000001",
    handle: "maria",
    roles: ["team-lead"],
    teams: ["core"],
    positions: [],
    ipAddress: "192.0.2.7",
  },
  change: {
    number: "CHG-12",
    type: "add-field",
    artifacts: [
      { kind: "migration", id: "m", name: "0002_nickname.sql", up: "", down: null, transactional: true },
      { kind: "external", id: "x", name: "refresh", command: "refresh", arguments: [] },
    ],
    assessment: {
      impact: "",
      breaking: false,
      complexity: "low",
      dependencies: [],
      by: "jo",
      at: "2026-11-20T10:00:00Z",
    },
    facts: {},
    contentHash: "c2",
    votes: [
      vote("jo", "owning-team", "approve", "c2", "2026-11-21T09:00:00Z"),
      vote("ann", "architecture", "approve", "c2", "2026-11-21T08:00:00Z"),
      vote("jo", "stakeholders", "approve", "c2", "2026-11-21T07:00:00Z"),
      vote("old", "owning-team", "approve", "c1", "2026-11-21T10:00:00Z"),
      vote("no", "owning-team", "reject", "c2", "2026-11-21T10:00:00Z"),
    ],
  },
  outcome: "done",
  stream: "0199a000-0000-7000-8000-0000000000aa",
  streamSeq: 3,
  streamPrev: "ab".repeat(32),
  now: "2026-11-21T14:30:52.123Z",
  suffix: "abc123",
  runtimeVersion: "node 24.21.0",
};

function vote(voter: string, requirement: string, decision: "approve" | "reject", contentHash: string, at: string) {
  return { id: `${voter}-${requirement}`, voter, requirement, decision, contentHash, at };
}

test("an entry says what the documented audit record says", () => {
  expect(composeEntry(input)).toEqual({
    audit_id: "AUDIT-20261121-143052-abc123",
    change_request_id: "CHG-12",
    event_type: "change.approved",
    timestamp: "2026-11-21T14:30:52.123000Z",
    actor: {
      user_id: "0199a000-0000-7000-8000-000000000001",
      handle: "maria",
      user_roles: ["team-lead"],
      ip_address: "192.0.2.7",
    },
    change_details: {
      affected_files: ["0002_nickname.sql", "refresh"],
      change_type: "add-field",
      change_scope: "external+migration",
      breaking_change: false,
    },
    approval_details: {
      approved_by: ["jo", "ann"],
      approval_timestamp: "2026-11-21T09:00:00Z",
      approval_level: "architecture+owning-team+stakeholders",
    },
    details: { requirement: "owning-team" },
    outcome: "done",
    runtime_version: "node 24.21.0",
    stream: "0199a000-0000-7000-8000-0000000000aa",
    stream_seq: 3,
    stream_prev: "ab".repeat(32),
  });
});

test("blocks are there only when they apply", () => {
  const { ipAddress: _, ...actor } = input.actor;
  const bare = composeEntry({ ...input, actor, change: null, outcome: "refused", stream: userStream("u1") });
  expect(bare.change_request_id).toBeNull();
  expect(bare.actor.ip_address).toBeNull();
  expect(Object.keys(bare).filter((name) => name.endsWith("_details"))).toEqual([]);

  const validation = { tests_passed: 45, tests_failed: 0, performance_impact: "none", security_review: "passed" };
  const deployment = {
    deployment_timestamp: "2026-11-21T15:00:00Z",
    deployment_method: "migration",
    rollback_available: true,
    monitoring_period_days: 7,
  };
  const full = composeEntry({ ...input, validation, deployment });
  expect(full.validation_details).toEqual(validation);
  expect(full.deployment_details).toEqual(deployment);
});

test("a change is breaking when the facts or its assessment say so, and may carry nothing yet", () => {
  const change = input.change!;
  const details = (more: Partial<typeof change>) =>
    composeEntry({ ...input, change: { ...change, ...more } }).change_details;
  expect(details({ facts: { breaking: true } })?.breaking_change).toBe(true);
  expect(details({ assessment: { ...change.assessment!, breaking: true } })?.breaking_change).toBe(true);
  expect(details({ assessment: null, artifacts: [] })).toMatchObject({ breaking_change: false, change_scope: "none" });
  expect(composeEntry({ ...input, change: { ...change, votes: [] } })).not.toHaveProperty("approval_details");
});

test("the entry hash is SHA-256 of the format's name, a line feed and the canonical text", () => {
  const entry = composeEntry(input);
  const text = entryText(entry);
  const expected = createHash("sha256").update("change-mgmt/entry/1\n").update(text).digest("hex");
  expect(entryHash(entry)).toBe(expected);
  expect(entryTextHash(text)).toBe(expected);
});

test("whatever a person typed can be kept", () => {
  let deep: unknown = "bottom";
  for (let level = 0; level < 100; level++) deep = level % 2 === 0 ? [deep] : { deep };
  const details = { "a\ud800": ["\udc00!", 1, null, true], nothing: undefined, deep };
  const text = entryText(composeEntry({ ...input, event: { type: "change.create", details } }));
  expect(text).toContain('"a\ufffd":["\ufffd!",1,null,true]');
  expect(text).toContain("(nested too deep to keep)");
  const bare = Object.assign(Object.create(null), { note: "\ud800" });
  expect(entryText(composeEntry({ ...input, event: { type: "x.y", details: bare } }))).toContain('"note":"\ufffd"');
});

test("values that are no plain data are a bug and show when the entry is written", () => {
  const details = { at: new Date(0) };
  expect(() => entryText(composeEntry({ ...input, event: { type: "x.y", details } }))).toThrow(TypeError);
});

test.each([
  ["an empty stream", { stream: "" }],
  ["a stream with a quote", { stream: 'a"b' }],
  ["a stream sequence of 0", { streamSeq: 0 }],
  ["a stream sequence that is no whole number", { streamSeq: 1.5 }],
  ["a short previous hash", { streamPrev: "ab" }],
  ["a previous hash in upper case", { streamPrev: NO_HASH.replaceAll("0", "A") }],
  ["a local time", { now: "2026-11-21T14:30:52+01:00" }],
  ["nanoseconds", { now: "2026-11-21T14:30:52.123456789Z" }],
  ["a long suffix", { suffix: "abc1234" }],
  ["a suffix in upper case", { suffix: "ABC123" }],
])("%s throws", (_name, wrong) => {
  expect(() => composeEntry({ ...input, ...wrong })).toThrow(RangeError);
});
