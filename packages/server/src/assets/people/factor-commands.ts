import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import type { AccountKey } from "../../identity/account-key.ts";
import { revokeSessions, revokeSignInTokens } from "../../identity/sessions.ts";
import { newTotpSecret, totpAddress } from "../../identity/totp.ts";
import { proofRefused } from "./password-commands.ts";
import { confirmFactor, deleteFactor, factorState, replaceRecoveryCodes, takeFactor } from "./second-factor.ts";

const ISSUER = "change-mgmt";

const Enrol = z.object({ proven: z.boolean(), hasPassword: z.boolean() });

/** Begins to enrol a second factor: it counts once a code has confirmed it. Begun again, the secret before is forgotten. */
export function enrolFactor(key: AccountKey) {
  return defineCommand<z.output<typeof Enrol>, { secret: string; uri: string }>({
    name: "factor.enrol",
    permission: "account.own",
    input: Enrol,
    async run({ tx, actor: { handle, userId }, now }, { proven, hasPassword }) {
      if (!proven) return proofRefused(hasPassword);
      if ((await factorState(tx, handle)).factor) {
        return refuse("FACTOR_EXISTS", "You have a second factor already.", "Remove it first, with a code of it.");
      }
      const secret = newTotpSecret();
      const row = { sealed_secret: key.seal(secret, handle), created_at: now, confirmed_at: null, last_step: 0 };
      await tx
        .insertInto("second_factors")
        .values({ handle, ...row })
        .onConflict((conflict) => conflict.column("handle").doUpdateSet(row))
        .execute();
      return accept({
        value: { secret, uri: totpAddress(secret, handle, ISSUER) },
        stream: userStream(userId),
        events: [{ type: "user.factor-begun", details: { user: handle } }],
      });
    },
  });
}

const Confirm = z.object({ code: z.string(), session: z.string().optional() });

/** Confirms the second factor, gives recovery codes, and ends what was signed in without it elsewhere. */
export function confirmEnrolment(key: AccountKey) {
  return defineCommand<z.output<typeof Confirm>, { recoveryCodes: string[] }>({
    name: "factor.confirm",
    permission: "account.own",
    input: Confirm,
    async run({ tx, actor: { handle, userId }, now }, { code, session }) {
      const confirmed = await confirmFactor(tx, key, { handle, code, now });
      if (!confirmed.ok) return confirmed;
      const recoveryCodes = await replaceRecoveryCodes(tx, handle, now);
      const endedSessions = (await revokeSessions(tx, handle, now, { except: session })).length;
      const endedTokens = await revokeSignInTokens(tx, handle, now);
      const details = { user: handle, endedSessions, endedTokens };
      return accept({
        value: { recoveryCodes },
        stream: userStream(userId),
        events: [{ type: "user.factor-enrolled", details }],
      });
    },
  });
}

const Remove = z.object({ code: z.string() });

/** Removes one's own second factor, with a code of it. */
export function removeFactor(key: AccountKey) {
  return defineCommand<z.output<typeof Remove>, { ok: true }>({
    name: "factor.remove",
    permission: "account.own",
    input: Remove,
    async run({ tx, actor: { handle, userId }, now }, { code }) {
      const shown = await takeFactor(tx, key, { handle, code, now });
      if (!shown.ok) return shown;
      if (shown.value === "none")
        return refuse("NO_FACTOR", "You have no second factor.", "There is nothing to remove.");
      await deleteFactor(tx, handle);
      return accept({
        value: { ok: true as const },
        stream: userStream(userId),
        events: [{ type: "user.factor-removed", details: { user: handle } }],
      });
    },
  });
}

/** Removes somebody else's second factor, for who has lost it. */
export const resetFactor = defineCommand<{ name: string }, { ok: true }>({
  name: "factor.reset",
  permission: "people.manage",
  input: z.object({ name: z.string() }),
  async run({ tx, actor }, { name }) {
    if (name === actor.handle) {
      return refuse(
        "OWN_ACCOUNT",
        "You cannot reset your own second factor.",
        "Remove it with a code or a recovery code, or let another administrator reset it.",
      );
    }
    const user = await tx.selectFrom("users").select("id").where("handle", "=", name).executeTakeFirst();
    if (!user) return refuse("NOT_FOUND", `There is nobody called "${name}".`, "Use the person's handle.");
    if (!(await deleteFactor(tx, name))) {
      return refuse("NO_FACTOR", `${name} has no second factor.`, "There is nothing to reset.");
    }
    return accept({
      value: { ok: true as const },
      stream: userStream(user.id),
      events: [{ type: "user.factor-reset", details: { user: name } }],
    });
  },
});
