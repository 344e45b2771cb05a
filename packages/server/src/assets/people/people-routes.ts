import type { Token, User } from "@change-mgmt/api/people.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission, permissionsOf } from "@change-mgmt/domain/identity/permissions.ts";
import { sql } from "kysely";
import type { z } from "zod";
import { pageOf, readCursor } from "../../commands/cursor.ts";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import { type HoldingsRow, held, holdings } from "../../storage/person-record.ts";
import type { Db } from "../../storage/store.ts";
import { accountOf } from "./account-queries.ts";
import { addTeamMember, createTeam, createUser, editUser, removeTeamMember } from "./people-commands.ts";
import { createLink, createToken, revokeToken } from "./token-commands.ts";

type TokenView = z.input<typeof Token>;
type UserView = z.input<typeof User>;
const HANDLE_KEY = /^[a-z0-9][a-z0-9._@-]{0,99}$/;

/** People, teams, tokens and the making of sign-in links over HTTP. `signInAddress` makes the address of a link from its code. */
export function peopleRoutes({
  db,
  door,
  signInAddress,
}: {
  db: Db;
  door: Door;
  signInAddress: (code: string) => string;
}): Handlers {
  return {
    me: async ({ actor, sessionId }) => {
      const row = await db.selectFrom("users").select("name").where("handle", "=", actor.handle).executeTakeFirst();
      const { handle, roles, teams, scopes } = actor;
      return accept({
        handle,
        name: row?.name ?? handle,
        roles: [...roles],
        teams: [...teams],
        scopes: (scopes as TokenView["scopes"]) ?? null,
        permissions: permissionsOf(actor),
        account: { ...(await accountOf(db, handle)), session: sessionId ?? null },
      });
    },
    "users.list": async ({ actor, query }) => {
      const permitted = checkPermission(actor, "people.read");
      if (!permitted.ok) return permitted;
      const after = readCursor(query.cursor, HANDLE_KEY);
      return after.ok
        ? accept(
            pageOf(
              await readUsers(db, { after: after.value, limit: query.limit + 1 }),
              query.limit,
              (user) => user.handle,
            ),
          )
        : after;
    },
    "users.create": async ({ body, ...request }) => await thenUser(db, await door.execute(createUser, body, request)),
    "users.edit": async ({ body, params, ...request }) =>
      await thenUser(db, await door.execute(editUser, { ...body, handle: params.name }, request)),
    "teams.list": async ({ actor }) => {
      const permitted = checkPermission(actor, "people.read");
      return permitted.ok ? accept({ items: await readTeams(db) }) : permitted;
    },
    "teams.create": async ({ body, ...request }) => await thenTeam(db, await door.execute(createTeam, body, request)),
    "teams.addMember": async ({ body, params, ...request }) =>
      await thenTeam(db, await door.execute(addTeamMember, { ...body, name: params.name }, request)),
    "teams.removeMember": async ({ params, ...request }) =>
      await thenTeam(db, await door.execute(removeTeamMember, params, request)),
    "tokens.list": async ({ actor, query }) => {
      const permitted = checkPermission(actor, query.all === true ? "token.manage" : "token.own");
      return permitted.ok
        ? accept({ items: await readTokens(db, query.all === true ? {} : { handle: actor.handle }) })
        : permitted;
    },
    "tokens.create": async ({ body, ...request }) =>
      await thenToken(db, await door.execute(createToken, body, request)),
    "tokens.revoke": async ({ params, ...request }) => await door.execute(revokeToken, params, request),
    "links.create": async ({ body, ...request }) => {
      const made = await door.execute(createLink, body, request);
      if (!made.ok) return made;
      return accept({
        url: made.value.secret === "" ? "" : signInAddress(made.value.secret),
        expiresAt: made.value.expiresAt,
      });
    },
  };
}

async function thenUser(db: Db, done: Outcome<{ handle: string }>): Promise<Outcome<UserView>> {
  if (!done.ok) return done;
  return accept((await readUsers(db, { handle: done.value.handle, limit: 1 }))[0]!);
}

async function thenTeam(db: Db, done: Outcome<{ name: string }>) {
  if (!done.ok) return done;
  return accept((await readTeams(db, done.value.name))[0]!);
}

/** The token a command has made, with its secret. */
export async function thenToken(db: Db, done: Outcome<{ id: string; secret: string }>) {
  if (!done.ok) return done;
  const [token] = await readTokens(db, { id: done.value.id });
  return token
    ? accept({ ...token, secret: done.value.secret })
    : refuse("NOT_FOUND", "The token is gone.", "Make another.");
}

async function readUsers(
  db: Db,
  by: { after?: string | undefined; handle?: string; limit: number },
): Promise<UserView[]> {
  const { rows } = await sql<
    {
      id: string;
      handle: string;
      name: string;
      email: string | null;
      disabled: boolean;
      created_at: Date;
    } & HoldingsRow
  >`
    SELECT u.id, u.handle, u.name, u.email, u.disabled_at IS NOT NULL AS disabled, u.created_at, ${holdings}
    FROM change_mgmt.users u
    WHERE u.handle > ${by.after ?? ""} AND (${by.handle ?? null}::text IS NULL OR u.handle = ${by.handle ?? null})
    ORDER BY u.handle LIMIT ${by.limit}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    handle: row.handle,
    name: row.name,
    email: row.email,
    ...held(row),
    disabled: row.disabled,
    createdAt: row.created_at.toISOString(),
  }));
}

async function readTeams(db: Db, name?: string) {
  const { rows } = await sql<{ id: string; name: string; title: string; members: string[] }>`
    SELECT t.id, t.name, t.title,
      coalesce((SELECT json_agg(m.handle ORDER BY m.handle) FROM change_mgmt.team_members m WHERE m.team = t.name), '[]') AS members
    FROM change_mgmt.teams t WHERE ${name ?? null}::text IS NULL OR t.name = ${name ?? null} ORDER BY t.name`.execute(
    db,
  );
  return rows;
}

async function readTokens(db: Db, by: { handle?: string; id?: string }): Promise<TokenView[]> {
  let select = db.selectFrom("api_tokens").selectAll().orderBy("id", "desc").limit(1000);
  if (by.handle !== undefined) select = select.where("handle", "=", by.handle);
  if (by.id !== undefined) select = select.where("id", "=", by.id);
  return (await select.execute()).map((row) => ({
    id: row.id,
    name: row.name,
    user: row.handle,
    scopes: row.scopes as TokenView["scopes"],
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}
