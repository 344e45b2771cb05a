import { expect, test } from "vitest";
import { pageOf } from "../output/page.ts";
import { aChange } from "../testing/samples.ts";
import type { Change } from "./change-types.ts";
import { nextAct } from "./next-act.ts";

const page = pageOf({ env: {}, now: () => new Date(0) }, { write: () => undefined });
const next = (more: Partial<Change>) => nextAct(aChange(more), page).join("\n");
const may = (...acts: string[]): Change["acts"] => acts.map((act) => ({ act, allowed: true }));

test.each([
  [{ acts: may("submit", "cancel"), steps: [] }, "next: change-mgmt submit CHG-12"],
  [{ acts: may("assess"), assessment: null }, 'next: change-mgmt assess CHG-12 --impact="…"'],
  [{ acts: may("assess") }, ""],
  [
    { acts: may("complete-steps", "vote") },
    "next: change-mgmt step complete CHG-12 read-through  Read it through\n  or: change-mgmt approve CHG-12",
  ],
  [{ acts: may("complete-steps", "vote"), steps: [] }, "next: change-mgmt approve CHG-12"],
  [{ acts: may("vote", "edit") }, "next: change-mgmt approve CHG-12"],
  [
    { acts: may("deploy:production", "close") },
    "next: change-mgmt deploy CHG-12 --environment=production\n  or: change-mgmt close CHG-12",
  ],
  [{ acts: may("close") }, "next: change-mgmt close CHG-12"],
  [{ acts: may("rework", "edit", "cancel"), status: "rejected" }, 'next: change-mgmt rework CHG-12 --reason="…"'],
  [{ acts: may("rework", "comment", "toString") }, ""],
])("%j", (more, line) => {
  expect(next(more as Partial<Change>)).toBe(line);
});

test("an act that is refused is named with its reason and hint", () => {
  const acts = [
    { act: "complete-steps", allowed: false, code: "NO_OPEN_STEP", reason: "No step is open." },
    { act: "vote", allowed: false, code: "OWN_CHANGE", reason: "It is yours.", hint: "Ask dora." },
  ];
  expect(next({ acts })).toBe(
    "next: vote, but not now or not by you - It is yours. [OWN_CHANGE]\n      hint: Ask dora.",
  );
});
