import { CreateSavedView, EditSavedView, SetDefaultView } from "@change-mgmt/api/saved-views.ts";
import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkSharing, mayEditView, type Sharing } from "@change-mgmt/domain/search/saved-view.ts";
import { z } from "zod";
import { type CommandContext, defineCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import { findSavedView } from "./saved-view-record.ts";

/** Saves filters, columns and order of the list of changes under a name. Names of one owner differ. */
export const createSavedView = defineCommand<z.output<typeof CreateSavedView>, { id: string }>({
  name: "saved-view.create",
  permission: "view.own",
  input: CreateSavedView,
  async run(context, input) {
    const { tx, actor, now } = context;
    const sharing = await checkedSharing(context, input);
    if (!sharing.ok) return sharing;
    const id = newId();
    await tx
      .insertInto("saved_views")
      .values({
        id,
        owner: actor.handle,
        name: input.name,
        ...sharing.value,
        filters: json(given(input.filters)),
        version: 1,
        created_at: now,
        updated_at: now,
      })
      .execute();
    return accept({
      value: { id },
      stream: userStream(actor.userId),
      events: [{ type: "saved-view.created", details: { view: id, ...told(input.sharedWith, input) } }],
    });
  },
});

const EditInput = EditSavedView.extend({ id: z.string(), expectedVersion: z.number().optional() });

/** Renames a saved view, shares it otherwise or gives it other filters. Refusals: NOT_FOUND, VIEW_NOT_YOURS, STALE_VERSION. */
export const editSavedView = defineCommand<z.output<typeof EditInput>, { id: string }>({
  name: "saved-view.edit",
  permission: "view.own",
  input: EditInput,
  async run(context, { id, expectedVersion, ...input }) {
    const { tx, actor, now } = context;
    const found = await ownView(context, id);
    if (!found.ok) return found;
    const view = found.value;
    if (expectedVersion !== undefined && expectedVersion !== view.version) {
      return refuse(
        "STALE_VERSION",
        `The view is at version ${view.version}; you looked at version ${expectedVersion}.`,
        "Read it again and repeat what you wanted to do.",
        { details: { current: view.version } },
      );
    }
    const wanted = { sharedWith: input.sharedWith ?? view.sharedWith, team: input.team ?? view.team };
    const changed = input.sharedWith !== undefined || input.team !== undefined;
    const sharing = changed ? await checkedSharing(context, wanted) : accept({});
    if (!sharing.ok) return sharing;
    await tx
      .updateTable("saved_views")
      .set({
        ...sharing.value,
        ...(input.name === undefined ? {} : { name: input.name }),
        ...(input.filters === undefined ? {} : { filters: json(given(input.filters)) }),
        version: view.version + 1,
        updated_at: now,
      })
      .where("id", "=", id)
      .execute();
    return accept({
      value: { id },
      stream: userStream(actor.userId),
      events: [
        { type: "saved-view.edited", details: { view: id, owner: view.owner, ...told(wanted.sharedWith, input) } },
      ],
    });
  },
});

const One = z.object({ id: z.string() });

/** Deletes a saved view, for everybody it was shared with. Refusals: NOT_FOUND, VIEW_NOT_YOURS. */
export const deleteSavedView = defineCommand<z.output<typeof One>, { ok: true }>({
  name: "saved-view.delete",
  permission: "view.own",
  input: One,
  async run(context, { id }) {
    const found = await ownView(context, id);
    if (!found.ok) return found;
    await context.tx.deleteFrom("saved_views").where("id", "=", id).execute();
    const { owner, name, sharedWith } = found.value;
    return accept({
      value: { ok: true },
      stream: userStream(context.actor.userId),
      events: [{ type: "saved-view.deleted", details: { view: id, owner, ...told(sharedWith, { name }) } }],
    });
  },
});

/** Chooses the view that one's list of changes opens with, or none. Refusal: NOT_FOUND. */
export const setDefaultView = defineCommand<z.output<typeof SetDefaultView>, { ok: true }>({
  name: "saved-view.set-default",
  permission: "view.own",
  input: SetDefaultView,
  async run({ tx, actor }, { view }) {
    if (view !== null) {
      const found = await findSavedView(tx, actor, view);
      if (!found.ok) return found;
    }
    await tx.deleteFrom("default_views").where("handle", "=", actor.handle).execute();
    if (view !== null) await tx.insertInto("default_views").values({ handle: actor.handle, view_id: view }).execute();
    return accept({
      value: { ok: true },
      stream: userStream(actor.userId),
      events: [{ type: "saved-view.default-set", details: { view } }],
    });
  },
});

/** What the trail learns of a view: of one that is shared with nobody only that, since others read the trail. */
function told(sharedWith: Sharing, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return sharedWith === "nobody" ? { sharedWith } : { ...input, sharedWith };
}

/** A view that the actor sees and may edit, locked until the transaction ends. */
async function ownView({ tx, actor }: CommandContext, id: string) {
  const seen = await findSavedView(tx, actor, id);
  if (!seen.ok) return seen;
  await tx.selectFrom("saved_views").select("id").where("id", "=", id).forUpdate().execute();
  const found = await findSavedView(tx, actor, id);
  if (!found.ok) return found;
  const may = mayEditView(found.value, actor);
  return may.ok ? found : may;
}

/** The columns that say with whom a view is shared, when the actor may share it so with a team that exists. */
async function checkedSharing(
  { tx, actor }: CommandContext,
  sharing: { readonly sharedWith: Sharing; readonly team: string | null },
): Promise<Outcome<{ shared_with: Sharing; team: string | null }>> {
  const allowed = checkSharing(sharing, actor);
  if (!allowed.ok) return allowed;
  if (sharing.sharedWith !== "team") return accept({ shared_with: sharing.sharedWith, team: null });
  const known = await tx.selectFrom("teams").select("name").where("name", "=", sharing.team).executeTakeFirst();
  if (known) return accept({ shared_with: "team", team: sharing.team });
  return refuse("TEAM_UNKNOWN", `There is no team "${sharing.team}".`, "Look at the list of teams.", {
    place: { pointer: "/team" },
  });
}

/** The filters that are filled. */
function given(filters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(filters).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
