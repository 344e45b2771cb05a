import { expect, test } from "vitest";
import { pageOf } from "../output/page.ts";
import { aChange } from "../testing/samples.ts";
import type { Change } from "./change-types.ts";
import { nextAct } from "./next-act.ts";

const page = pageOf({ env: {}, now: () => new Date(0) }, { write: () => undefined });
const next = (more: Partial<Change>) => nextAct(aChange(more), page).join("\n");
const may = (...acts: string[]): Change["acts"] => acts.map((act) => ({ act, allowed: true }));

test.each([
  [{ acts: may("cancel", "submit"), steps: [] }, "next: change-mgmt submit CHG-12"],
  [{ acts: may("assess"), steps: [] }, 'next: change-mgmt assess CHG-12 --impact="…"'],
  [{ acts: may("complete-step", "approve") }, "next: change-mgmt step complete CHG-12 read-through  Read it through"],
  [{ acts: may("approve"), steps: [] }, "next: change-mgmt approve CHG-12"],
  [{ acts: may("deploy", "close"), steps: [] }, "next: change-mgmt deploy CHG-12 --environment=production"],
  [{ acts: may("close"), steps: [] }, "next: change-mgmt close CHG-12"],
  [{ acts: may("rework"), steps: [] }, 'next: change-mgmt rework CHG-12 --reason="…"'],
  [{ acts: may("comment"), steps: [] }, ""],
])("%j", (more, line) => {
  expect(next(more as Partial<Change>)).toBe(line);
});

test("an act that is refused is named with its reason and hint", () => {
  const acts = [{ act: "approve", allowed: false, code: "OWN_CHANGE", reason: "It is yours.", hint: "Ask dora." }];
  expect(next({ acts, steps: [] })).toBe(
    "next: approve, but not now or not by you - It is yours. [OWN_CHANGE]\n      hint: Ask dora.",
  );
});
