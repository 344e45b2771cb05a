import type { SavedView } from "@change-mgmt/api/saved-views.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { mayEditView, mayReadView, type Sharing } from "@change-mgmt/domain/search/saved-view.ts";
import type { z } from "zod";
import { isId } from "../../storage/ids.ts";
import type { Db, Tx } from "../../storage/store.ts";

export type SavedViewAnswer = z.input<typeof SavedView>;

/** The saved views that somebody sees, by name; their own and those shared with them. */
export async function readSavedViews(db: Db | Tx, actor: Actor, id?: string): Promise<SavedViewAnswer[]> {
  let select = db
    .selectFrom("saved_views as v")
    .leftJoin("default_views as d", (join) => join.onRef("d.view_id", "=", "v.id").on("d.handle", "=", actor.handle))
    .selectAll("v")
    .select("d.handle as defaulted")
    .orderBy("v.name")
    .orderBy("v.id");
  if (id !== undefined) select = select.where("v.id", "=", id);
  const views = (await select.execute()).map((row) => ({
    id: row.id,
    name: row.name,
    owner: row.owner,
    sharedWith: row.shared_with as Sharing,
    team: row.team,
    filters: row.filters,
    version: row.version,
    default: row.defaulted !== null,
    updatedAt: row.updated_at.toISOString(),
  }));
  return views
    .filter((view) => mayReadView(view, actor))
    .map((view) => ({ ...view, editable: mayEditView(view, actor).ok }));
}

/** One saved view that somebody sees. Refusal: NOT_FOUND, also where they do not see it. */
export async function findSavedView(db: Db | Tx, actor: Actor, id: string): Promise<Outcome<SavedViewAnswer>> {
  const [view] = isId(id) ? await readSavedViews(db, actor, id) : [];
  if (view) return accept(view);
  return refuse(
    "NOT_FOUND",
    "There is no such saved view, or it is not shared with you.",
    "Look at the list of saved views.",
  );
}
