import { checkPermission, type Permission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Permit } from "../ui/act-button.tsx";
import type { Me } from "./types.ts";

/** Whether the person signed in may do something at all, in the words of the rule that the server asks. Nothing while they are not known. */
export function permitOf(me: Me | undefined, permission: Permission): Permit {
  if (me === undefined) return { allowed: false, reason: "Who you are is not read yet." };
  const { handle, roles, teams, scopes } = me;
  const actor = { userId: "", handle, roles, teams, positions: [], ...(scopes === null ? {} : { scopes }) };
  const permitted = checkPermission(actor, permission);
  return permitted.ok
    ? { allowed: true }
    : { allowed: false, reason: permitted.refusal.message, hint: permitted.refusal.hint };
}
