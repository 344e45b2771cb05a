import { expect, test } from "vitest";
import { anOpenTransaction, aTargetLook, aTargetRelation } from "../../testing/a-target.ts";
import { BASIS, onTarget } from "./on-target.ts";
import type { RehearsedStatement } from "./work-time.ts";

const users = "public.users";
const exclusive = { relation: users, mode: "AccessExclusiveLock" };

function aStatement(overrides: Partial<RehearsedStatement> = {}): RehearsedStatement {
  return { line: 1, kind: "alter_table", outcome: "ok", locks: [exclusive], rewrites: [], scans: [], ...overrides };
}

test("a rewrite takes as long as table and indexes are large, and keeps everybody out meanwhile", () => {
  const look = aTargetLook({ relations: [aTargetRelation({ written: 36_000, read: 7200 })] });
  const counted = { ...look, countedSince: "2026-01-09T23:00:00.000Z" };
  const judged = onTarget([aStatement({ rewrites: [users], scans: [users] })], true, counted, null);
  expect(judged).toMatchObject({ rewrittenBytes: 3_000_000_000, blockedSeconds: 300 });
  expect(judged.statements[0]).toMatchObject({ time: { least: 10, most: 300 }, scannedBytes: 0 });
  expect(judged.statements[0]!.words).toEqual([
    "Writes public.users (3 GB, about 10,000,000 rows) anew with its indexes.",
    "Takes 10 s to 5 min.",
    "Keeps everybody out of public.users for 10 s to 5 min: 2 reads and 10 written rows a second.",
  ]);
  expect(BASIS).toContain("10 to 300 MB a second where a table is written anew");
});

test("what is only changed in the catalog takes moments", () => {
  const judged = onTarget([aStatement()], true, aTargetLook(), null);
  expect(judged).toMatchObject({ rewrittenBytes: 0, blockedSeconds: 0 });
  expect(judged.statements[0]!.words).toEqual([
    "Takes moments once it has its locks.",
    "Keeps everybody out of public.users for moments: an unknown number of reads and an unknown number of written rows a second.",
  ]);
});

test("in a transaction a lock is held until the end of the file, outside of one for its statement", () => {
  const statements = [aStatement(), aStatement({ line: 2, locks: [], scans: [users] })];
  expect(onTarget(statements, true, aTargetLook(), null).blockedSeconds).toBe(40);
  expect(onTarget(statements, false, aTargetLook(), null).blockedSeconds).toBe(0);
});

test("an index keeps writers out for as long as it is sorted", () => {
  const locks = [{ relation: users, mode: "ShareLock" }];
  const judged = onTarget([aStatement({ kind: "create_index", locks, scans: [users] })], true, aTargetLook(), null);
  expect(judged.blockedSeconds).toBe(200);
  expect(judged.statements[0]!.words).toEqual([
    "Reads public.users (2 GB, about 10,000,000 rows).",
    "Takes 5 s to 3.3 min.",
    "Keeps whoever writes out of public.users for 5 s to 3.3 min: an unknown number of written rows a second.",
  ]);
});

test("statements whose rows nobody has counted have no known end, and neither has what they block", () => {
  const statements = [aStatement(), aStatement({ line: 2, kind: "update", locks: [], scans: [users] })];
  const judged = onTarget(statements, true, aTargetLook(), null);
  expect(judged.blockedSeconds).toBeNull();
  expect(judged.statements[0]!.words.at(-1)).toContain("for a time that is not known");
  expect(judged.statements[1]!.words).toContain(
    "Not known how long it takes: that depends on rows and code that a rehearsal cannot count. It takes at least 2 s.",
  );
  const block = onTarget([aStatement({ kind: "do", locks: [] })], true, aTargetLook(), null);
  expect(block.statements[0]!.words).toEqual([
    "Not known how long it takes: that depends on rows and code that a rehearsal cannot count.",
  ]);
});

test("a statement that did not run is not taken for a quick one", () => {
  const judged = onTarget([aStatement({ outcome: "fails" }), aStatement({ line: 2 })], true, aTargetLook(), null);
  expect(judged.blockedSeconds).toBeNull();
});

test("relations that the target does not have, or does not show, are not taken for small", () => {
  const judged = onTarget([aStatement({ rewrites: [users] })], true, aTargetLook({ relations: [] }), null);
  expect(judged).toMatchObject({ rewrittenBytes: null, blockedSeconds: null });
  expect(judged.statements[0]!.words).toEqual([
    "Not known: how large public.users is; there is none on this target, or none that this login may see.",
    "Not known how long it takes: that depends on rows and code that a rehearsal cannot count.",
    "Keeps everybody out of public.users for a time that is not known.",
  ]);
});

test("rows that were never counted are said so", () => {
  const look = aTargetLook({ relations: [aTargetRelation({ rows: null })] });
  const judged = onTarget([aStatement({ scans: [users] })], true, look, null);
  expect(judged.statements[0]!.words[0]).toBe("Reads public.users (2 GB, rows never counted).");
});

test("of a partitioned table that is gone through as a whole, all partitions on the target count, once", () => {
  const part = (name: string) => aTargetRelation({ name, root: users, tableBytes: 10, indexBytes: 0 });
  const look = aTargetLook({ relations: [aTargetRelation(), part("public.users_1"), part("public.users_2")] });
  const scans = ["public.users_1", "public.users_2"];
  expect(onTarget([aStatement({ scans })], true, look, null).statements[0]!.scannedBytes).toBe(2_000_000_000);
  const locks = [{ relation: "public.users_1", mode: "AccessExclusiveLock" }];
  const alone = onTarget([aStatement({ locks, scans: ["public.users_1"] })], true, look, null);
  expect(alone.statements[0]!.scannedBytes).toBe(10);
});

test("open transactions whose locks are in the way hold it up, others do not", () => {
  const look = aTargetLook({
    transactions: [
      anOpenTransaction({ locks: [{ relation: users, mode: "AccessShareLock" }] }),
      anOpenTransaction({ pid: 43 }),
      anOpenTransaction({ pid: null, who: "two-phase", state: null, seconds: null, locks: [exclusive] }),
    ],
  });
  const held = onTarget([aStatement()], true, look, null).statements[0]!;
  expect(held.locks[0]!.heldUpBy).toEqual([
    { pid: 42, who: "reports", state: "idle in transaction", seconds: 600 },
    { pid: null, who: "two-phase", state: null, seconds: null },
  ]);
  expect(held.words.at(-1)).toBe(
    "Would wait now for process 42 (reports, idle in transaction, open for 10 min) and a prepared transaction (two-phase, state not to be seen, open for a time that this login may not see), and others who want public.users behind it.",
  );
  const share = [{ relation: users, mode: "RowExclusiveLock" }];
  expect(onTarget([aStatement({ locks: share })], true, look, null).statements[0]!.locks[0]).toMatchObject({
    keepsOut: "nobody",
    heldUpBy: [{ who: "two-phase" }],
  });
});

test("an index that is built concurrently waits for every open transaction", () => {
  const locks = [{ relation: users, mode: "ShareUpdateExclusiveLock" }];
  const look = aTargetLook({ transactions: [anOpenTransaction()] });
  const judged = onTarget([aStatement({ kind: "create_index", locks, scans: [users] })], false, look, null);
  expect(judged.statements[0]!.locks[0]!.heldUpBy).toMatchObject([{ pid: 42 }]);
  expect(judged.statements[0]!.words.at(-1)).toBe(
    "Would wait now for process 42 (reports, idle in transaction, open for 10 min).",
  );
  expect(judged.blockedSeconds).toBe(0);
});
