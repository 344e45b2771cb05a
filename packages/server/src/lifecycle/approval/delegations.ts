import type { Delegation as DelegationView } from "@change-mgmt/api/delegations.ts";
import { EndDelegation, MakeDelegation } from "@change-mgmt/api/delegations.ts";
import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { decideDelegation } from "@change-mgmt/domain/lifecycle/approval/delegation.ts";
import type { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { isId, newId } from "../../storage/ids.ts";
import type { Db, Tx } from "../../storage/store.ts";

type View = z.input<typeof DelegationView>;

/** Names who votes for a person for a time: for oneself, or for others by whoever manages people. */
export const makeDelegation = defineCommand<z.output<typeof MakeDelegation>, { id: string }>({
  name: "delegation.make",
  permission: "delegation.own",
  input: MakeDelegation,
  async run({ tx, actor, now }, { person = actor.handle, delegate, from, until, reason }) {
    const permitted = checkTheirs(actor, person);
    if (!permitted.ok) return permitted;
    const users = await tx
      .selectFrom("users")
      .select(["id", "handle"])
      .where("handle", "in", [person, delegate])
      .where("disabled_at", "is", null)
      // Two that are made at once see each other.
      .orderBy("handle")
      .forUpdate()
      .execute();
    const named = (await readDelegations(tx, { person })).filter(({ endedAt }) => endedAt === null);
    const decided = decideDelegation({
      person,
      delegate,
      ...(from === undefined ? {} : { from }),
      until,
      named,
      people: users.map(({ handle }) => handle),
      now: now.toISOString(),
    });
    if (!decided.ok) return decided;
    const id = newId();
    await tx
      .insertInto("delegations")
      .values({
        id,
        person,
        delegate,
        from_at: new Date(decided.value.from),
        until_at: new Date(decided.value.until),
        reason: reason ?? null,
        made_by: actor.handle,
        created_at: now,
        ended_at: null,
        ended_by: null,
      })
      .execute();
    return accept({
      value: { id },
      stream: userStream(users.find(({ handle }) => handle === person)!.id),
      events: [
        {
          type: "delegation.made",
          details: { delegation: id, person, delegate, ...decided.value, reason: reason ?? null },
        },
      ],
    });
  },
});

/** Ends it at once; votes that were cast until now stand. */
export const endDelegation = defineCommand<z.output<typeof EndDelegation>, { id: string }>({
  name: "delegation.end",
  permission: "delegation.own",
  input: EndDelegation,
  async run({ tx, actor, now }, { id }) {
    const found = isId(id)
      ? await tx
          .selectFrom("delegations")
          .innerJoin("users", "users.handle", "delegations.person")
          .select([
            "delegations.person",
            "delegations.delegate",
            "delegations.until_at",
            "delegations.ended_at",
            "users.id as user",
          ])
          .where("delegations.id", "=", id)
          .forUpdate("delegations")
          .executeTakeFirst()
      : undefined;
    if (found === undefined) {
      return refuse("NOT_FOUND", `There is no delegation ${id}.`, "The list of delegations names them.");
    }
    const { person, delegate } = found;
    const permitted = checkTheirs(actor, person);
    if (!permitted.ok) return permitted;
    if (found.ended_at !== null || found.until_at <= now) {
      return refuse("DELEGATION_OVER", `${delegate} stands in for ${person} no more.`, "There is nothing to end.");
    }
    await tx.updateTable("delegations").set({ ended_at: now, ended_by: actor.handle }).where("id", "=", id).execute();
    return accept({
      value: { id },
      stream: userStream(found.user),
      events: [{ type: "delegation.ended", details: { delegation: id, person, delegate } }],
    });
  },
});

/** Delegations, newest first: of a person, one of them, or all. */
export async function readDelegations(
  db: Db | Tx,
  by: { readonly person?: string; readonly id?: string },
): Promise<View[]> {
  let select = db.selectFrom("delegations").selectAll().orderBy("id", "desc").limit(1000);
  if (by.person !== undefined) select = select.where("person", "=", by.person);
  if (by.id !== undefined) select = select.where("id", "=", by.id);
  return (await select.execute()).map((row) => ({
    id: row.id,
    person: row.person,
    delegate: row.delegate,
    from: row.from_at.toISOString(),
    until: row.until_at.toISOString(),
    reason: row.reason,
    madeBy: row.made_by,
    endedAt: row.ended_at?.toISOString() ?? null,
  }));
}

function checkTheirs(actor: Actor, person: string): Outcome<true> {
  return person === actor.handle ? accept(true) : checkPermission(actor, "people.manage");
}
