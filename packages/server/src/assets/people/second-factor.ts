import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { AccountKey } from "../../identity/account-key.ts";
import { secretHash } from "../../identity/secrets.ts";
import { randomBase32, totpStep } from "../../identity/totp.ts";
import { newId } from "../../storage/ids.ts";
import type { Db, Tx } from "../../storage/store.ts";

const RECOVERY_CODES = 10;

/** What a second factor was shown by; none where the person has none. */
export type FactorProof = "none" | "code" | "recovery code";

/**
 * Takes a code of a person's second factor: of the app, once each, or a recovery code, which is used up by it. Refusals: FACTOR_REQUIRED
 * (there is one and no code came), FACTOR_WRONG, FACTOR_UNREADABLE (the account key is not the one it was enrolled with).
 */
export async function takeFactor(
  tx: Tx,
  key: AccountKey,
  { handle, code, now }: { handle: string; code: string | undefined; now: Date },
): Promise<Outcome<FactorProof>> {
  const factor = await tx
    .selectFrom("second_factors")
    .selectAll()
    .where("handle", "=", handle)
    .where("confirmed_at", "is not", null)
    .forUpdate()
    .executeTakeFirst();
  if (!factor) return accept("none");
  if (code === undefined) return factorRequired();
  const digits = code.replace(/\s/g, "");
  if (!/^\d{6}$/.test(digits)) return await takeRecoveryCode(tx, handle, code, now);
  const step = readStep(key, factor, digits, now);
  if (!step.ok) return step;
  await tx.updateTable("second_factors").set({ last_step: step.value }).where("handle", "=", handle).execute();
  return accept("code");
}

/** Confirms a factor that was begun, by its first code. Refusals: NO_FACTOR, FACTOR_WRONG, FACTOR_UNREADABLE. */
export async function confirmFactor(
  tx: Tx,
  key: AccountKey,
  { handle, code, now }: { handle: string; code: string; now: Date },
): Promise<Outcome<true>> {
  const factor = await tx
    .selectFrom("second_factors")
    .selectAll()
    .where("handle", "=", handle)
    .where("confirmed_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (!factor) return refuse("NO_FACTOR", "There is no second factor to confirm.", "Begin to enrol one first.");
  const step = readStep(key, factor, code.replace(/\s/g, ""), now);
  if (!step.ok) return step;
  await tx
    .updateTable("second_factors")
    .set({ confirmed_at: now, last_step: step.value })
    .where("handle", "=", handle)
    .execute();
  return accept(true);
}

/** Makes new recovery codes in place of all earlier ones; only their hashes are stored. */
export async function replaceRecoveryCodes(tx: Tx, handle: string, now: Date): Promise<string[]> {
  await tx.deleteFrom("recovery_codes").where("handle", "=", handle).execute();
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomBase32(16).replace(/(.{4})(?=.)/g, "$1-"));
  const rows = codes.map((code) => ({
    id: newId(),
    handle,
    code_hash: recoveryHash(handle, code),
    created_at: now,
    used_at: null,
  }));
  await tx.insertInto("recovery_codes").values(rows).execute();
  return codes;
}

/** Encrypts anew, with the key itself, what is encrypted with the further key; answers how many factors. */
export async function resealFactors(db: Db, key: AccountKey): Promise<number> {
  let resealed = 0;
  for (const { handle, sealed_secret } of await db
    .selectFrom("second_factors")
    .select(["handle", "sealed_secret"])
    .execute()) {
    const anew = key.reseal(sealed_secret, handle);
    if (anew === undefined) continue;
    await db
      .updateTable("second_factors")
      .set({ sealed_secret: anew })
      .where("handle", "=", handle)
      // Somebody may enrol another one at this moment.
      .where("sealed_secret", "=", sealed_secret)
      .execute();
    resealed += 1;
  }
  return resealed;
}

/** Removes a person's second factor and recovery codes; false when there was none that counted. */
export async function deleteFactor(tx: Tx, handle: string): Promise<boolean> {
  await tx.deleteFrom("recovery_codes").where("handle", "=", handle).execute();
  const gone = await tx.deleteFrom("second_factors").where("handle", "=", handle).returning("confirmed_at").execute();
  return gone.some(({ confirmed_at }) => confirmed_at !== null);
}

/** Whether somebody has to show a second factor, and how many recovery codes they have left. */
export async function factorState(db: Db | Tx, handle: string): Promise<{ factor: boolean; recoveryCodes: number }> {
  const factor = await db
    .selectFrom("second_factors")
    .select("handle")
    .where("handle", "=", handle)
    .where("confirmed_at", "is not", null)
    .executeTakeFirst();
  const codes = await db
    .selectFrom("recovery_codes")
    .select((eb) => eb.fn.countAll<string>().as("left"))
    .where("handle", "=", handle)
    .where("used_at", "is", null)
    .executeTakeFirstOrThrow();
  return { factor: factor !== undefined, recoveryCodes: Number(codes.left) };
}

/** The refusal of a sign-in that lacks its second factor. */
export function factorRequired() {
  return refuse(
    "FACTOR_REQUIRED",
    "A code of your second factor is needed as well.",
    "Send what your authenticator app shows, or a recovery code, as `factor`.",
  );
}

async function takeRecoveryCode(tx: Tx, handle: string, code: string, now: Date): Promise<Outcome<FactorProof>> {
  const used = await tx
    .updateTable("recovery_codes")
    .set({ used_at: now })
    .where("handle", "=", handle)
    .where("code_hash", "=", recoveryHash(handle, code))
    .where("used_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return used ? accept("recovery code") : wrong();
}

function readStep(
  key: AccountKey,
  factor: { handle: string; sealed_secret: string; last_step: string },
  code: string,
  now: Date,
): Outcome<number> {
  const secret = key.open(factor.sealed_secret, factor.handle);
  if (secret === undefined) {
    return refuse(
      "FACTOR_UNREADABLE",
      "This server cannot read your second factor.",
      "Use a recovery code. Whoever runs the server: all processes need the account key it was enrolled with.",
    );
  }
  const step = totpStep(secret, code, now, Number(factor.last_step));
  return step === undefined ? wrong() : accept(step);
}

function wrong() {
  return refuse(
    "FACTOR_WRONG",
    "This code is not right, or was used already.",
    "Wait for the next code of your app, and check that the clock of your device is right.",
  );
}

function recoveryHash(handle: string, code: string): string {
  return secretHash(`${handle}\n${code.replace(/[\s-]/g, "").toUpperCase()}`);
}
