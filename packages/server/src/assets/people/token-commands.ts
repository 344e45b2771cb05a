import { CreateLink, CreateToken } from "@change-mgmt/api/people.ts";
import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { newSecret, secretHash } from "../../identity/secrets.ts";
import { newId } from "../../storage/ids.ts";
import type { Tx } from "../../storage/store.ts";
import { findUser } from "./people-commands.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LINK_MS = HOUR_MS / 4;

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
