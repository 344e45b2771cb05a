import { z } from "zod";

const draftSql = z.string().max(2_000_000);

/** Migrations as they are being written, in the order in which they would be deployed; nothing of them is kept. */
export const DraftMigrations = z
  .object({
    change: z.string().min(1).max(100).optional().describe("The change that is being edited; left out for a new one"),
    migrations: z
      .array(
        z.object({
          id: z.string().min(1).max(100),
          name: z.string().max(200).default(""),
          up: draftSql,
          down: draftSql.nullable().default(null),
          transactional: z.boolean().default(true),
          tool: z.string().max(50).optional().describe("Whose ledger is kept, as in a migration artifact"),
        }),
      )
      .min(1)
      .max(50),
  })
  .meta({ id: "DraftMigrations" });

const place = z.number().int().min(1);

/** One thing found in a draft, at its exact place: 1-based lines and columns in UTF-16 units, the end after the last character. */
export const Finding = z
  .object({
    rule: z
      .string()
      .describe("Its name, such as drop-column; for a rule of judgement also that of its page, /docs/rules"),
    title: z.string().nullable().describe("Headline of the rule of judgement; null for what reading or running shows"),
    severity: z
      .enum(["error", "warning", "info"])
      .describe("error: it breaks something or cannot work so; warning: to be looked at; info: worth knowing"),
    breaking: z.boolean().describe("Whether somebody who reads or writes what is there would fail afterwards"),
    from: z.enum(["reading", "rehearsal"]).describe("reading: found before anything ran"),
    part: z.enum(["up", "down"]),
    span: z
      .object({ line: place, column: place, endLine: place, endColumn: place })
      .nullable()
      .describe("null where it is about the whole part"),
    message: z.string(),
    hint: z.string().nullable(),
  })
  .meta({ id: "Finding" });

/** What can be said of a draft without running it. */
export const CheckedDraft = z
  .object({ migrations: z.array(z.object({ id: z.string(), findings: z.array(Finding) })) })
  .meta({ id: "CheckedDraft" });

/** A way back that nobody wrote, made from what the migration changes in the schema, and rehearsed. */
export const ProposedWayBack = z
  .object({
    sql: z.string().nullable().describe("null where no statements restore the schema; the obstacles say why"),
    transactional: z.boolean(),
    losses: z.array(z.string()).describe("What it loses or cannot bring back, in sentences"),
    obstacles: z.array(z.object({ kind: z.string(), object: z.string(), reason: z.string() })),
    rehearsal: z
      .object({
        outcome: z.enum(["exact", "column-order", "differs", "fails", "absent", "not-rehearsable"]),
        data: z.enum(["equal", "differs", "not-checked"]),
        reason: z.string().nullable(),
        dataReason: z.string().nullable().describe("Which tables lost or changed data, or why that is not known"),
        differences: z.array(z.object({ object: z.string(), detail: z.string() })),
      })
      .nullable()
      .describe("What running it brought back; null where there is nothing to run"),
  })
  .meta({ id: "ProposedWayBack" });

/** What the rehearsal of a draft came to. Nothing of it is recorded; a change that is saved is rehearsed again. */
export const RehearsedDraft = z
  .object({
    baseKnown: z.boolean().describe("Whether a history was imported to start on"),
    breaking: z.boolean(),
    migrations: z.array(
      z.object({
        id: z.string(),
        outcome: z
          .enum(["passed", "failed", "not-rehearsable", "unreadable"])
          .describe("unreadable: a finding of this or an earlier migration has to be mended before any of it can run"),
        message: z.string(),
        report: z.record(z.string(), z.unknown()).nullable().describe("As in the validation of a change"),
        findings: z.array(Finding),
        proposal: ProposedWayBack.nullable().describe(
          "Where there is no way back, or one that fails or leaves a difference; null where nothing has to be taken back",
        ),
      }),
    ),
  })
  .meta({ id: "RehearsedDraft" });
