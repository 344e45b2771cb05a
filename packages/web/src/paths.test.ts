import { expect, test } from "vitest";
import { paths, searchReader } from "./paths.ts";

test("filters stand in the address; those that are empty do not", () => {
  expect(paths.changes({ status: "draft,closed", team: "", type: undefined, active: "true" })).toBe(
    "/changes?status=draft%2Cclosed&active=true",
  );
  expect(paths.changes()).toBe("/changes");
});

test("names in addresses are written so that they stay one part of it", () => {
  expect(paths.change("CHG-1/x?y")).toBe("/changes/CHG-1%2Fx%3Fy");
});

test("what an address says beside the known filters is left out", () => {
  const read = searchReader("status", "team");
  expect(read({ status: "draft", team: "", other: "x", status2: "y" })).toEqual({ status: "draft" });
  expect(read({ status: 3 })).toEqual({});
});
