import { accept, type Outcome, refuse } from "../change/refusal.ts";
import type { Duties } from "../process/process.ts";
import { PERMISSIONS } from "./permissions.ts";

/** Acts that separation of duties may keep from the person who requested the change. */
export type Duty = "approve" | "deploy";

/** Refuses with OWN_CHANGE what the process does not let a requester do with their own change. */
export function checkDuty(duties: Duties, requester: string, actor: string, duty: Duty): Outcome<true> {
  const allowed = duty === "approve" ? duties.ownChangeApproval : duties.ownChangeDeployment;
  if (requester !== actor || allowed) return accept(true);
  return refuse(
    "OWN_CHANGE",
    `You requested this change; somebody else must ${duty} it.`,
    duty === "approve"
      ? "The approvals of the change name who could."
      : `Ask somebody with one of these roles: ${PERMISSIONS["change.deploy"].roles.join(", ")}.`,
  );
}
