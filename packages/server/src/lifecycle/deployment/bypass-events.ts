import type { DomainEvent } from "@change-mgmt/domain/change/change.ts";
import type { Bypass } from "@change-mgmt/domain/lifecycle/deployment/opening.ts";

/** What the trail says of a deployment that starts outside every window or in a freeze, with an approval for that. */
export function bypassEvents(
  bypass: Bypass | null,
  where: { readonly environment: string; readonly deployment: string },
): DomainEvent[] {
  return bypass === null ? [] : [{ type: "window.bypassed", details: { ...where, ...bypass } }];
}
