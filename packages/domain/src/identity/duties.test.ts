import { expect, test } from "vitest";
import { checkDuty, type Duty } from "./duties.ts";

const strict = { ownChangeApproval: false, ownChangeDeployment: false };

test.each<[Duty, string]>([
  ["approve", "The approvals of the change name who could."],
  ["deploy", "Ask somebody with one of these roles: team-lead, operator."],
])("nobody may %s their own change, and is told who could", (duty, hint) => {
  const message = `You requested this change; somebody else must ${duty} it.`;
  expect(checkDuty(strict, "anna", "anna", duty)).toEqual({
    ok: false,
    refusal: { code: "OWN_CHANGE", message, hint },
  });
  expect(checkDuty(strict, "anna", "ben", duty)).toEqual({ ok: true, value: true });
});

test("a process may allow the one without the other", () => {
  const approving = { ownChangeApproval: true, ownChangeDeployment: false };
  const deploying = { ownChangeApproval: false, ownChangeDeployment: true };
  expect(checkDuty(approving, "anna", "anna", "approve").ok).toBe(true);
  expect(checkDuty(approving, "anna", "anna", "deploy").ok).toBe(false);
  expect(checkDuty(deploying, "anna", "anna", "deploy").ok).toBe(true);
  expect(checkDuty(deploying, "anna", "anna", "approve").ok).toBe(false);
});
