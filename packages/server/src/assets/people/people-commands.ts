import { CreateLink, CreateTeam, CreateToken, CreateUser, EditUser, TeamMember } from "@change-mgmt/api/people.ts";
import { userStream, WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { newSecret, secretHash } from "../../identity/secrets.ts";
import { revokeSessions } from "../../identity/sessions.ts";
import { newId } from "../../storage/ids.ts";
import type { Tx } from "../../storage/store.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LINK_MS = HOUR_MS / 4;

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

export interface MadeToken {
  readonly id: string;
  /** Empty in a repeated call: a secret is shown once. */
  readonly secret: string;
}

/** Makes an API token for oneself, or for somebody else as an administrator. */
export const createToken = defineCommand<z.output<typeof CreateToken>, MadeToken>({
  name: "token.create",
  permission: "token.own",
  input: CreateToken,
  async run(context, { name, user: handle = context.actor.handle, scopes, expiresInDays }) {
    const user = await ownOrManaged(context, handle);
    if (!user.ok) return user;
    const expiresAt = expiresInDays === undefined ? null : new Date(context.now.getTime() + expiresInDays * DAY_MS);
    const value = await insertToken(context.tx, { handle, name, scopes: scopes ?? null, expiresAt, now: context.now });
    const details = {
      token: value.id,
      name,
      user: handle,
      scopes: scopes ?? null,
      expiresAt: expiresAt?.toISOString() ?? null,
    };
    return accept({ value, stream: userStream(user.value.id), events: [{ type: "token.created", details }] });
  },
});

const AdoptInput = z.object({
  user: z.string(),
  name: z.string(),
  secret: z.string().min(16, "an administrator's token has at least 16 characters"),
});

/** Makes a secret that was chosen outside, such as by whoever installs the product, a token of a person. The same secret again changes nothing. */
export const adoptToken = defineCommand<z.output<typeof AdoptInput>, { id: string }>({
  name: "token.adopt",
  permission: "token.manage",
  input: AdoptInput,
  async run({ tx, now }, { user: handle, name, secret }) {
    const user = await findUser(tx, handle);
    if (!user.ok) return user;
    const stream = userStream(user.value.id);
    // Processes that start at once adopt the same secret: one after the other, so that the second finds it there.
    await tx.selectFrom("users").select("id").where("handle", "=", handle).forUpdate().execute();
    const known = await tx
      .selectFrom("api_tokens")
      .select("id")
      .where("secret_hash", "=", secretHash(secret))
      .executeTakeFirst();
    if (known) return accept({ value: known, stream, events: [] });
    const { id } = await insertToken(tx, { handle, name, scopes: null, expiresAt: null, now, secret });
    return accept({
      value: { id },
      stream,
      events: [{ type: "token.created", details: { token: id, name, user: handle, scopes: null, expiresAt: null } }],
    });
  },
});

/** Revokes a token, one's own or, as an administrator, anybody's. */
export const revokeToken = defineCommand<{ id: string }, { ok: true }>({
  name: "token.revoke",
  permission: "token.own",
  input: z.object({ id: z.uuid() }),
  async run(context, { id }) {
    const token = await context.tx
      .selectFrom("api_tokens")
      .selectAll()
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirst();
    if (!token) return refuse("NOT_FOUND", "There is no such token.", "Look at the list of tokens.");
    const user = await ownOrManaged(context, token.handle);
    if (!user.ok) return user;
    await context.tx
      .updateTable("api_tokens")
      .set({ revoked_at: token.revoked_at ?? context.now })
      .where("id", "=", id)
      .execute();
    return accept({
      value: { ok: true as const },
      stream: userStream(user.value.id),
      events: [{ type: "token.revoked", details: { token: id, name: token.name, user: token.handle } }],
    });
  },
});

export interface MadeLink {
  readonly secret: string;
  readonly expiresAt: string;
}

/** Makes a sign-in link for a person: its code works once, for fifteen minutes or as many hours as are asked for. */
export const createLink = defineCommand<z.output<typeof CreateLink>, MadeLink>({
  name: "link.create",
  permission: "token.manage",
  input: CreateLink,
  async run({ tx, actor, now }, { user: handle, hours }) {
    const user = await findUser(tx, handle);
    if (!user.ok) return user;
    const value = await insertLink(tx, handle, actor.handle, now, hours === undefined ? LINK_MS : hours * HOUR_MS);
    return accept({
      value,
      stream: userStream(user.value.id),
      events: [{ type: "link.created", details: { user: handle, expiresAt: value.expiresAt } }],
    });
  },
});

/** Stores a token's hash and answers with its secret. */
export async function insertToken(
  tx: Tx,
  {
    handle,
    name,
    scopes,
    expiresAt,
    now,
    secret = newSecret("cm_token"),
    fromSignIn = false,
  }: {
    handle: string;
    name: string;
    scopes: string[] | null;
    expiresAt: Date | null;
    now: Date;
    secret?: string;
    fromSignIn?: boolean;
  },
): Promise<MadeToken> {
  const id = newId();
  await tx
    .insertInto("api_tokens")
    .values({
      id,
      handle,
      name,
      secret_hash: secretHash(secret),
      scopes,
      created_at: now,
      expires_at: expiresAt,
      last_used_at: null,
      revoked_at: null,
      from_sign_in: fromSignIn,
    })
    .execute();
  return { id, secret };
}

/** Stores a link's hash and answers with its code. */
async function insertLink(tx: Tx, handle: string, createdBy: string, now: Date, lastsMs: number): Promise<MadeLink> {
  const secret = newSecret("cm_link");
  const expiresAt = new Date(now.getTime() + lastsMs);
  await tx
    .insertInto("sign_in_links")
    .values({
      id: newId(),
      handle,
      code_hash: secretHash(secret),
      created_by: createdBy,
      created_at: now,
      expires_at: expiresAt,
      used_at: null,
    })
    .execute();
  return { secret, expiresAt: expiresAt.toISOString() };
}

async function ownOrManaged({ tx, actor }: { tx: Tx; actor: Actor }, handle: string): Promise<Outcome<{ id: string }>> {
  if (handle !== actor.handle) {
    const allowed = checkPermission(actor, "token.manage");
    if (!allowed.ok) return allowed;
  }
  return await findUser(tx, handle);
}

async function findUser(tx: Tx, handle: string): Promise<Outcome<{ id: string }>> {
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
