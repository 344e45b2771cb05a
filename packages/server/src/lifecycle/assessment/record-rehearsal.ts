import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { json } from "../../storage/json.ts";

const Input = z.object({
  id: z.string(),
  contentHash: z.string(),
  results: z.array(
    z.object({
      artifact: z.string(),
      outcome: z.enum(["passed", "failed", "not-rehearsable"]),
      report: z.looseObject({ rollback: z.string(), message: z.string(), rollbackMessage: z.string() }),
    }),
  ),
  targets: z
    .array(
      z.object({
        environment: z.string(),
        look: z.looseObject({}).nullable(),
        refusal: z.looseObject({ message: z.string() }).nullable(),
        rewrittenBytes: z.number().nullable(),
        blockedSeconds: z.number().nullable(),
      }),
    )
    .default([]),
});

/** Keeps what the rehearsal of a content came to; a content that has been edited since is not judged by it. */
export const recordRehearsal = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "rehearsal.record",
  permission: "engine.record",
  input: Input,
  async run({ tx, change, now, reload }, { contentHash, results, targets }) {
    if (contentHash !== change.contentHash)
      return refuse(
        "CONTENT_CHANGED",
        "The change was edited while it was rehearsed.",
        "The new content is rehearsed by itself.",
      );
    for (const { artifact, outcome, report } of results) {
      const row = { outcome, report: json<unknown>(report), created_at: now };
      await tx
        .insertInto("rehearsals")
        .values({ change_id: change.id, artifact, content_hash: contentHash, ...row })
        .onConflict((conflict) => conflict.columns(["change_id", "content_hash", "artifact"]).doUpdateSet(row))
        .execute();
    }
    for (const { environment, look, refusal, rewrittenBytes, blockedSeconds } of targets) {
      const row = {
        look: look && json<unknown>(look),
        refusal: refusal && json<unknown>(refusal),
        rewritten_bytes: rewrittenBytes,
        blocked_seconds: blockedSeconds,
        created_at: now,
      };
      await tx
        .insertInto("target_looks")
        .values({ change_id: change.id, content_hash: contentHash, environment, ...row })
        .onConflict((conflict) => conflict.columns(["change_id", "content_hash", "environment"]).doUpdateSet(row))
        .execute();
    }
    await reload();
    const outcome = results.every((result) => result.outcome === "passed")
      ? "passed"
      : results.some((result) => result.outcome === "failed")
        ? "failed"
        : "inconclusive";
    const details = {
      contentHash,
      results: results.map(({ artifact, outcome: one, report }) => ({
        artifact,
        outcome: one,
        rollback: report.rollback,
        message: report.message,
        rollbackMessage: report.rollbackMessage,
      })),
      targets: targets.map(({ environment, refusal, rewrittenBytes, blockedSeconds }) => ({
        environment,
        rewrittenBytes,
        blockedSeconds,
        ...(refusal === null ? {} : { notLookedAt: refusal.message }),
      })),
    };
    return accept({ change, events: [{ type: `rehearsal.${outcome}`, details }], value: { id: change.id } });
  },
});
