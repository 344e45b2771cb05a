import { ROLES } from "@change-mgmt/domain/identity/roles.ts";
import { expect, test } from "vitest";
import { STAGES } from "../properties/life/model.ts";
import { askMatrix, OPERATIONS } from "./matrix/run.ts";
import { MATRIX } from "./matrix/table.ts";

test("somebody has said of every operation on a change who may", () => {
  expect(Object.keys(MATRIX).sort()).toEqual([...OPERATIONS].sort());
});

test("each role is refused and let in as was said, whatever stage a change is in and whosever it is", async () => {
  const { cells, denied, allowed, stages, wrong } = await askMatrix({ every: 29 });
  expect(wrong).toEqual([]);
  expect(Object.keys(stages).sort()).toEqual(Object.keys(STAGES).sort());
  expect(Math.min(denied, allowed, cells / 3)).toBeGreaterThan(14 * ROLES.length);
});
