import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Handlers } from "../../commands/handler.ts";
import { checkDraft, DRAFT_LIMITS, DraftRehearsals, type DraftTools } from "./draft-rehearsals.ts";
import { NewestWins } from "./newest-wins.ts";

/** Trying out migrations that are being written, for whoever may create a change. No command: nothing is written. */
export function draftRoutes(tools: DraftTools): Handlers {
  const rehearsals = new DraftRehearsals(tools);
  const checking = new NewestWins({ atOnce: 2, mostWaiting: 30 });
  const rehearsing = new NewestWins({ atOnce: 2, mostWaiting: 10 });
  return {
    "rehearsals.check": async ({ actor, body, signal }) => {
      const permitted = checkPermission(actor, "change.create");
      if (!permitted.ok) return permitted;
      return await checking.run(actor.userId, signal, (alive) => checkDraft(body, alive, tools.limits ?? DRAFT_LIMITS));
    },
    "rehearsals.try": async ({ actor, body, signal }) => {
      const permitted = checkPermission(actor, "change.create");
      if (!permitted.ok) return permitted;
      return await rehearsing.run(actor.userId, signal, (alive) => rehearsals.rehearse(body, alive));
    },
  };
}
