import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import type { Db } from "../../storage/store.ts";
import { createSavedView, deleteSavedView, editSavedView, setDefaultView } from "./saved-view-commands.ts";
import { findSavedView, readSavedViews } from "./saved-view-record.ts";

/** Saved views of the list of changes over HTTP. */
export function savedViewRoutes({ db, door }: { db: Db; door: Door }): Handlers {
  const thenView = async (done: Outcome<{ id: string }>, actor: Actor) =>
    done.ok ? await findSavedView(db, actor, done.value.id) : done;
  return {
    "savedViews.list": async ({ actor }) => {
      const permitted = checkPermission(actor, "change.read");
      return permitted.ok ? accept({ items: await readSavedViews(db, actor) }) : permitted;
    },
    "savedViews.create": async ({ body, ...request }) =>
      await thenView(await door.execute(createSavedView, body, request), request.actor),
    "savedViews.edit": async ({ body, params, actor, idempotencyKey, expectedVersion }) => {
      const input = { ...body, id: params.id, ...(expectedVersion === undefined ? {} : { expectedVersion }) };
      return await thenView(await door.execute(editSavedView, input, { actor, idempotencyKey }), actor);
    },
    "savedViews.delete": async ({ params, ...request }) => await door.execute(deleteSavedView, params, request),
    "savedViews.default": async ({ body, ...request }) => await door.execute(setDefaultView, body, request),
  };
}
