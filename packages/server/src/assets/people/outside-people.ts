import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { type Actor, ROLES, type Role } from "@change-mgmt/domain/identity/roles.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import type { Door } from "../../commands/execute.ts";
import { loadActor } from "../../identity/actors.ts";
import type { IssuerSettings } from "../../identity/issuer-settings.ts";
import type { TokenVerifier } from "../../identity/outside-tokens.ts";
import type { Db } from "../../storage/store.ts";
import { createUser } from "./people-commands.ts";

/** Who acts when the word of the issuer changes people here. */
const ISSUER: Actor = {
  userId: "00000000-0000-7000-8000-000000000003",
  handle: "identity-provider",
  roles: ["administrator"],
  teams: [],
  positions: [],
};

type Claims = Readonly<Record<string, unknown>>;

export interface OutsidePeople {
  readonly db: Db;
  readonly door: Door;
  readonly verifier: TokenVerifier;
  readonly settings: IssuerSettings;
}

/**
 * Finds who a token of another system stands for: somebody who is known here by e-mail address or handle and not disabled. Refusals:
 * those of the verifier, TOKEN_UNMAPPED (the token is good and stands for nobody here).
 */
export async function authenticateOutside(
  { db, door, verifier, settings }: OutsidePeople,
  token: string,
  ipAddress: string | undefined,
): Promise<Outcome<Actor>> {
  const verified = await verifier.verify(token);
  if (!verified.ok) return verified;
  const claims: Claims = verified.value;
  const name = nameIn(claims, settings.claim);
  if (name === undefined) return unmapped();
  let handle = await handleOf(db, name);
  if (handle === undefined && settings.create !== undefined) {
    const made = await door.execute(createUser, newcomer(claims, name, settings.create), { actor: from(ipAddress) });
    if (made.ok) handle = made.value.handle;
    // Another request of the same person may have been first; a handle that is somebody else's is not taken over.
    else if (made.refusal.code === "HANDLE_TAKEN") handle = await handleOf(db, name);
  }
  const actor = handle === undefined || handle === SHARED ? undefined : await loadActor(db, handle);
  if (!actor) return unmapped();
  const followed = await follow({ db, door, settings }, claims, actor, ipAddress);
  if (!followed.ok) return followed;
  const current = followed.value ? await loadActor(db, actor.handle) : actor;
  return current ? accept({ ...current, ...(ipAddress ? { ipAddress } : {}) }) : unmapped();
}

const Follow = z.object({
  handle: z.string(),
  roles: z.array(z.enum(ROLES)).optional(),
  teams: z.array(z.string()).optional(),
});

/** Gives a person the roles and teams that their issuer says they have. Teams that do not exist here are left out. */
const followClaims = defineCommand<z.output<typeof Follow>, { handle: string }>({
  name: "user.follow-issuer",
  permission: "people.manage",
  input: Follow,
  async run({ tx }, { handle, roles, teams }) {
    const user = await tx.selectFrom("users").select("id").where("handle", "=", handle).forUpdate().executeTakeFirst();
    if (!user) return unmapped();
    if (roles) {
      await tx.deleteFrom("user_roles").where("handle", "=", handle).execute();
      for (const role of roles) await tx.insertInto("user_roles").values({ handle, role }).execute();
    }
    if (teams) {
      await tx.deleteFrom("team_members").where("handle", "=", handle).execute();
      for (const team of teams) await tx.insertInto("team_members").values({ handle, team }).execute();
    }
    const details = { user: handle, ...(roles ? { roles } : {}), ...(teams ? { teams } : {}) };
    return accept({ value: { handle }, stream: userStream(user.id), events: [{ type: "user.edited", details }] });
  },
});

/** Brings roles and teams in line with the claims, where they are configured and the token has them; answers whether anything changed. */
async function follow(
  { db, door, settings }: Omit<OutsidePeople, "verifier">,
  claims: Claims,
  actor: Actor,
  ipAddress: string | undefined,
): Promise<Outcome<boolean>> {
  const roleValues = valuesIn(claims, settings.roleClaim);
  const roles = roleValues && [...new Set(roleValues.flatMap((value) => settings.roles.get(value) ?? []))].sort();
  const teamValues = valuesIn(claims, settings.teamClaim);
  const teams = teamValues && (await knownTeams(db, teamValues));
  const change = {
    ...(roles && !same(roles, actor.roles) ? { roles } : {}),
    ...(teams && !same(teams, actor.teams) ? { teams } : {}),
  };
  if (Object.keys(change).length === 0) return accept(false);
  const done = await door.execute(followClaims, { handle: actor.handle, ...change }, { actor: from(ipAddress) });
  return done.ok ? accept(true) : done;
}

async function knownTeams(db: Db, names: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom("teams").select("name").execute();
  return rows.map(({ name }) => name).filter((name) => names.includes(name));
}

/** What the token calls its person: one claim, or an e-mail address that the issuer does not call unverified, or else a user name. */
function nameIn(claims: Claims, claim: string | undefined): string | undefined {
  if (claim !== undefined && claim !== "email") return textIn(claims, claim);
  const email = textIn(claims, "email");
  if (email !== undefined) return claims.email_verified === false ? undefined : email;
  return claim === undefined ? textIn(claims, "preferred_username") : undefined;
}

const SHARED = Symbol("an address that several people have");

/** The handle of the one person of this handle or e-mail address. */
async function handleOf(db: Db, name: string): Promise<string | typeof SHARED | undefined> {
  const rows = await db
    .selectFrom("users")
    .select("handle")
    .where((eb) => eb.or([eb("handle", "=", name), eb(eb.fn<string>("lower", ["email"]), "=", name)]))
    .limit(2)
    .execute();
  return rows.length > 1 ? SHARED : rows[0]?.handle;
}

function newcomer(claims: Claims, name: string, role: Role) {
  const handle = textIn(claims, "preferred_username") ?? name.split("@")[0]!;
  const email = name.includes("@") ? name : undefined;
  return {
    handle: handle
      .replace(/[^a-z0-9._@-]/g, "-")
      .replace(/^[^a-z0-9]+/, "")
      .slice(0, 100),
    name: (typeof claims.name === "string" && claims.name.trim().slice(0, 200)) || name,
    roles: [role],
    ...(email === undefined ? {} : { email }),
  };
}

/** A claim by its name, or by its way through objects such as `realm_access.roles`. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let at: unknown = claims;
  for (const part of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function textIn(claims: Claims, path: string): string | undefined {
  const value = claimAt(claims, path);
  return typeof value === "string" && value.trim() !== "" ? value.trim().toLowerCase() : undefined;
}

function valuesIn(claims: Claims, path: string | undefined): string[] | undefined {
  const value = path === undefined ? undefined : claimAt(claims, path);
  const values = typeof value === "string" ? [value] : value;
  return Array.isArray(values) ? values.filter((one): one is string => typeof one === "string") : undefined;
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join("\n") === [...others].sort().join("\n");
}

function from(ipAddress: string | undefined): Actor {
  return { ...ISSUER, ...(ipAddress ? { ipAddress } : {}) };
}

function unmapped(): Refused {
  return refuse(
    "TOKEN_UNMAPPED",
    "This token is good, but stands for nobody who may come in here.",
    "Ask an administrator to add you with the e-mail address or handle that the token carries.",
  );
}
