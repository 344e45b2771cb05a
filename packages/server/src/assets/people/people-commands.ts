import { CreateTeam, CreateUser, EditUser, TeamMember } from "@change-mgmt/api/people.ts";
import { userStream, WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { revokeSessions } from "../../identity/sessions.ts";
import { newId } from "../../storage/ids.ts";
import type { Tx } from "../../storage/store.ts";

/** Adds a person with roles, teams and positions. There is no password: a one-time link or a token lets them in. */
export const createUser = defineCommand<z.output<typeof CreateUser>, { handle: string }>({
  name: "user.create",
  permission: "people.manage",
  input: CreateUser,
  async run({ tx, now }, input) {
    const teams = await knownTeams(tx, [...input.teams, ...input.positions.flatMap(({ team }) => team ?? [])]);
    if (!teams.ok) return teams;
    const id = newId();
    await tx
      .insertInto("users")
      .values({
        id,
        handle: input.handle,
        name: input.name,
        email: input.email ?? null,
        disabled_at: null,
        created_at: now,
      })
      .execute();
    await replaceRoles(tx, input.handle, input.roles);
    await replacePositions(tx, input.handle, input.positions);
    for (const team of new Set(input.teams))
      await tx.insertInto("team_members").values({ team, handle: input.handle }).execute();
    const { handle, roles, positions } = input;
    return accept({
      value: { handle },
      stream: userStream(id),
      events: [{ type: "user.created", details: { user: handle, roles, teams: input.teams, positions } }],
    });
  },
});

const EditInput = EditUser.extend({ handle: z.string() });

/** Changes a person's name, roles, positions, or disables them; disabling ends every session and revokes every token at once. */
export const editUser = defineCommand<z.output<typeof EditInput>, { handle: string }>({
  name: "user.edit",
  permission: "people.manage",
  input: EditInput,
  async run({ tx, actor, now }, { handle, ...input }) {
    const user = await findUser(tx, handle);
    if (!user.ok) return user;
    if (
      handle === actor.handle &&
      (input.disabled === true || (input.roles !== undefined && !input.roles.includes("administrator")))
    ) {
      return refuse("OWN_ACCOUNT", "You cannot take your own administration away.", "Let another administrator do it.");
    }
    const teams = await knownTeams(
      tx,
      (input.positions ?? []).flatMap(({ team }) => team ?? []),
    );
    if (!teams.ok) return teams;
    const changes = {
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.email === undefined ? {} : { email: input.email }),
      ...(input.disabled === undefined ? {} : { disabled_at: input.disabled ? now : null }),
    };
    if (Object.keys(changes).length > 0)
      await tx.updateTable("users").set(changes).where("handle", "=", handle).execute();
    if (input.roles !== undefined) await replaceRoles(tx, handle, input.roles);
    if (input.positions !== undefined) await replacePositions(tx, handle, input.positions);
    if (input.disabled === true) {
      await tx
        .updateTable("api_tokens")
        .set({ revoked_at: now })
        .where("handle", "=", handle)
        .where("revoked_at", "is", null)
        .execute();
      await revokeSessions(tx, handle, now);
    }
    return accept({
      value: { handle },
      stream: userStream(user.value.id),
      events: [{ type: "user.edited", details: { user: handle, ...input } }],
    });
  },
});

/** Adds a team. */
export const createTeam = defineCommand<z.output<typeof CreateTeam>, { name: string }>({
  name: "team.create",
  permission: "people.manage",
  input: CreateTeam,
  async run({ tx, now }, { name, title = name }) {
    await tx.insertInto("teams").values({ id: newId(), name, title, created_at: now }).execute();
    return accept({
      value: { name },
      stream: WORKSPACE_STREAM,
      events: [{ type: "team.created", details: { team: name, title } }],
    });
  },
});

const MemberInput = TeamMember.extend({ name: z.string() });

/** Adds a person to a team; adding them twice is the same as once. */
export const addTeamMember = defineCommand<z.output<typeof MemberInput>, { name: string }>({
  name: "team.add-member",
  permission: "people.manage",
  input: MemberInput,
  async run({ tx }, { name, user: handle }) {
    const user = await findUser(tx, handle);
    if (!user.ok) return user;
    const teams = await knownTeams(tx, [name]);
    if (!teams.ok) return teams;
    await tx
      .insertInto("team_members")
      .values({ team: name, handle })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return accept({
      value: { name },
      stream: WORKSPACE_STREAM,
      events: [{ type: "team.member-added", details: { team: name, user: handle } }],
    });
  },
});

/** Takes a person out of a team. */
export const removeTeamMember = defineCommand<z.output<typeof MemberInput>, { name: string }>({
  name: "team.remove-member",
  permission: "people.manage",
  input: MemberInput,
  async run({ tx }, { name, user: handle }) {
    const removed = await tx
      .deleteFrom("team_members")
      .where("team", "=", name)
      .where("handle", "=", handle)
      .executeTakeFirst();
    if (Number(removed.numDeletedRows) === 0)
      return refuse("NOT_FOUND", `${handle} is not in the team ${name}.`, "Look at the team's members.");
    return accept({
      value: { name },
      stream: WORKSPACE_STREAM,
      events: [{ type: "team.member-removed", details: { team: name, user: handle } }],
    });
  },
});

/** Somebody by handle. Refusal: PERSON_UNKNOWN. */
export async function findUser(tx: Tx, handle: string): Promise<Outcome<{ id: string }>> {
  const row = await tx.selectFrom("users").select("id").where("handle", "=", handle).executeTakeFirst();
  return row
    ? accept(row)
    : refuse(
        "PERSON_UNKNOWN",
        `There is nobody called "${handle}".`,
        "Use the person's handle; `user list` shows them.",
      );
}

async function knownTeams(tx: Tx, names: readonly string[]): Promise<Outcome<true>> {
  if (names.length === 0) return accept(true);
  const rows = await tx.selectFrom("teams").select("name").execute();
  const unknown = names.find((name) => !rows.some((row) => row.name === name));
  if (unknown === undefined) return accept(true);
  return refuse(
    "TEAM_UNKNOWN",
    `There is no team "${unknown}".`,
    `Teams here: ${rows.map((row) => row.name).join(", ") || "none"}.`,
  );
}

async function replaceRoles(tx: Tx, handle: string, roles: readonly string[]): Promise<void> {
  await tx.deleteFrom("user_roles").where("handle", "=", handle).execute();
  for (const role of new Set(roles)) await tx.insertInto("user_roles").values({ handle, role }).execute();
}

async function replacePositions(
  tx: Tx,
  handle: string,
  positions: readonly { position: string; team?: string | undefined }[],
): Promise<void> {
  await tx.deleteFrom("user_positions").where("handle", "=", handle).execute();
  for (const { position, team } of positions) {
    await tx
      .insertInto("user_positions")
      .values({ id: newId(), handle, position, team: team ?? null })
      .execute();
  }
}
