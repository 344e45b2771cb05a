import { CreateUser } from "@change-mgmt/api/people.ts";
import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { createUser } from "../../assets/people/people-commands.ts";
import { defineCommand } from "../../commands/command.ts";
import type { Db, Tx } from "../../storage/store.ts";
import type { SampleState } from "../../storage/tables.ts";

/** How far the sample workspace is; undefined where there never was one. */
export async function sampleState(db: Db | Tx): Promise<SampleState | undefined> {
  return (await db.selectFrom("sample_workspace").select("state").executeTakeFirst())?.state;
}

/** The administrator in whose name the sample was made. */
export async function sampleMaker(db: Db | Tx): Promise<string | undefined> {
  return (await db.selectFrom("sample_workspace").select("made_by").executeTakeFirst())?.made_by;
}

/** Writes down that what follows is a sample, made in the name of whoever asks, or that its changes are to be made too. */
export const beginSample = defineCommand<{ changes: boolean }, { state: SampleState }>({
  name: "sample.make",
  permission: "sample.manage",
  input: z.object({ changes: z.boolean() }),
  async run({ tx, actor, now }, { changes }) {
    const before = await tx.selectFrom("sample_workspace").selectAll().forUpdate().executeTakeFirst();
    const goesOn = before !== undefined && before.state !== "removed";
    if (goesOn && (before.state !== "people" || !changes)) {
      return accept({ value: { state: before.state }, stream: WORKSPACE_STREAM, events: [] });
    }
    const state: SampleState = changes ? "making" : "people";
    const row = { state, made_by: goesOn ? before.made_by : actor.handle, changed_at: now };
    await tx
      .insertInto("sample_workspace")
      .values({ id: 1, ...row })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
      .execute();
    const type = goesOn ? "sample.changes-begun" : "sample.begun";
    return accept({ value: { state }, stream: WORKSPACE_STREAM, events: [{ type, details: { by: row.made_by } }] });
  },
});

/** Adds a person whose account is marked as one of the sample. */
export const addSamplePerson = defineCommand<z.output<typeof CreateUser>, { handle: string }>({
  ...createUser,
  input: CreateUser,
  async run(context, input) {
    const made = await createUser.run(context, input);
    if (!made.ok) return made;
    await context.tx.updateTable("users").set({ is_sample: true }).where("handle", "=", input.handle).execute();
    return made;
  },
});
