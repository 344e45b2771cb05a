import { createHash } from "node:crypto";
import { canonicalJson } from "@change-mgmt/domain/change/canonical-json.ts";
import { type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { CompiledQuery } from "kysely";
import { json } from "../storage/json.ts";
import type { Tx } from "../storage/store.ts";

/** A key under which somebody asks for one thing, however often the request is repeated. */
export interface Claim {
  /** Takes the key, waiting for whoever holds it; answers with a row where it was free. */
  readonly take: CompiledQuery<{ key: string }>;
  /** For a key that was not free: the result of the first request with it; IDEMPOTENCY_KEY_REUSED where that asked for something else. */
  earlier(): Promise<{ readonly value: unknown } | Refused>;
  /** Keeps what the request led to. */
  keep(value: unknown): CompiledQuery<unknown>;
}

/** The claim of a request to its key. */
export function claimOf(tx: Tx, command: string, input: unknown, actor: Actor, idempotencyKey: string): Claim {
  const inputHash = createHash("sha256")
    .update(canonicalJson(JSON.parse(JSON.stringify(input))))
    .digest("hex");
  return {
    take: tx
      .insertInto("idempotency_keys")
      .values({ actor: actor.userId, key: idempotencyKey, command, input_hash: inputHash })
      .onConflict((conflict) => conflict.columns(["actor", "key"]).doNothing())
      .returning("key")
      .compile(),
    async earlier() {
      const earlier = await tx
        .selectFrom("idempotency_keys")
        .selectAll()
        .where("actor", "=", actor.userId)
        .where("key", "=", idempotencyKey)
        .executeTakeFirstOrThrow();
      if (earlier.command !== command || earlier.input_hash !== inputHash) {
        return refuse(
          "IDEMPOTENCY_KEY_REUSED",
          "This idempotency key was used for something else.",
          "Make a new key for each thing you want to happen.",
        );
      }
      return earlier.result as { value: unknown };
    },
    keep: (value) =>
      tx
        .updateTable("idempotency_keys")
        .set({ result: json<unknown>({ value: withoutSecret(value) }) })
        .where("actor", "=", actor.userId)
        .where("key", "=", idempotencyKey)
        .compile(),
  };
}

/** A secret is shown once and never stored: a repeated call learns that it worked, not the secret. */
function withoutSecret(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("secret" in value)) return value;
  return { ...value, secret: "" };
}
