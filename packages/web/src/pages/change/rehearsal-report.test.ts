import { expect, test } from "vitest";
import { lockWords, rollbackVerdict } from "./rehearsal-report.ts";

test("locks are written as the documentation of Postgres writes them", () => {
  expect(["AccessExclusiveLock", "ShareUpdateExclusiveLock", "RowShareLock"].map(lockWords)).toEqual([
    "ACCESS EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "ROW SHARE",
  ]);
});

test("only a way back that restores the schema is good", () => {
  expect(rollbackVerdict("exact")[1]).toBe("good");
  expect(rollbackVerdict("differs")[1]).toBe("stopped");
  expect(rollbackVerdict("absent")[1]).toBe("attention");
  expect(rollbackVerdict("never-heard-of")).toEqual(["never heard of", "attention"]);
});
