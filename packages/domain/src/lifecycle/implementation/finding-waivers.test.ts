import { expect, test } from "vitest";
import { applyWaivers, type PlacedWaiver } from "./finding-waivers.ts";
import type { RepositoryFinding } from "./repository-findings.ts";

const place = { file: "change-mgmt.yaml", line: 9, column: 1 };
const finding = (method: string, rule = "method-missing"): RepositoryFinding => ({
  rule,
  severity: "error",
  place: { ...place, file: "a.ts" },
  message: "",
  hint: "",
  subject: { backend: "supabase", interface: "OrderRepository", method },
});
const waiver = (fields: Partial<PlacedWaiver>): PlacedWaiver => ({
  reason: "on hold",
  owner: "ada",
  until: "2026-12-31",
  place,
  ...fields,
});
const said = (waivers: readonly PlacedWaiver[], today = "2026-12-31") => {
  const { findings, waived } = applyWaivers([finding("find"), finding("list", "method-stub")], waivers, today);
  return [
    ...findings.map(({ rule, subject }) => [rule, subject.method ?? ""].join(" ").trim()),
    ...waived.map(({ subject }) => `waived ${subject.method}`),
  ];
};

test("a waiver allows what is all of what it names, through its last day", () => {
  expect(said([waiver({ backend: "supabase" })])).toEqual(["waived find", "waived list"]);
  expect(said([waiver({ method: "find", interface: "OrderRepository" })])).toEqual(["method-stub list", "waived find"]);
  expect(said([waiver({ rule: "method-stub" })])).toEqual(["method-missing find", "waived list"]);
});

test("an expired waiver allows nothing and says so, unless another one does", () => {
  const late = waiver({ method: "find" });
  expect(said([late], "2027-01-01")).toEqual(["method-missing find", "method-stub list", "waiver-expired"]);
  expect(said([late, waiver({ until: "2027-02-01", method: "find" })], "2027-01-01")).toEqual([
    "method-stub list",
    "waiver-expired",
    "waived find",
  ]);
});

test("a waiver that nothing needs is said", () => {
  expect(said([waiver({ backend: "memory" })])).toEqual(["method-missing find", "method-stub list", "waiver-unused"]);
});
