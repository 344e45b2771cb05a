import { z } from "zod";

const place = { line: z.int().min(1), column: z.int().min(1).describe("In characters") };
const relations = z.array(z.string()).describe("Qualified names of relations that existed before");
const reason = z.string().nullable();

const Finding = z.strictObject({
  rule: z.string().describe("Name of the rule, such as drop-column"),
  severity: z.enum(["error", "warning", "info"]),
  breaking: z.boolean().describe("Whether somebody who reads or writes what is there would fail afterwards"),
  part: z.enum(["up", "down"]).describe("down where it is about the way back"),
  file: z.string().optional().describe("The file it stands in, where that is the one with the way back"),
  ...place,
  message: z.string(),
  hint: z.string(),
  fingerprint: z.string().describe("Stays the same while other lines of the file change"),
});

const Statement = z.strictObject({
  line: z.int().min(1),
  kind: z.string().describe("What it does, such as alter_table"),
  outcome: z.enum(["ok", "fails", "not-rehearsable", "not-run"]),
  ms: z.number(),
  source: z
    .enum(["measured", "known", "read"])
    .describe(
      "measured by running it, known from Postgres's documentation, or read and not run: then nothing is known of locks",
    ),
  locks: z.array(z.strictObject({ relation: z.string(), mode: z.string().describe("As pg_locks names it") })),
  rewrites: relations,
  scans: relations,
});

const Difference = z.strictObject({
  change: z.enum(["added", "removed", "altered"]),
  kind: z.string(),
  object: z.string(),
  detail: z.string(),
});

const Down = z.strictObject({
  outcome: z.enum(["exact", "column-order", "differs", "fails", "absent", "not-rehearsable"]),
  data: z.enum(["equal", "differs", "not-checked"]),
  line: z.int().nullable(),
  differences: z.array(Difference),
  reason,
  dataReason: reason,
});

const Proposal = z.strictObject({
  sql: z.string().nullable().describe("null where no statements restore the schema"),
  transactional: z.boolean(),
  losses: z.array(z.string()).describe("What it loses or cannot bring back, in sentences"),
  obstacles: z.array(z.strictObject({ kind: z.string(), object: z.string(), reason: z.string() })),
  rehearsal: Down.nullable().describe("What running it brought back"),
});

const File = z.strictObject({
  path: z.string().describe("Relative to the working folder where it is below it"),
  tool: z.string().describe("The migration tool, or plain"),
  transactional: z.boolean(),
  down: z.string().nullable().describe("The file with the way back, where that is another one"),
  statements: z.array(Statement),
  downStatements: z.array(Statement),
  findings: z.array(Finding),
  waived: z.array(Finding.extend({ reason: z.string(), waivedAt: z.int().min(1) })),
  known: z.int().describe("How many further findings the baseline knows"),
  rehearsal: z.strictObject({
    up: z.strictObject({ outcome: z.enum(["ok", "fails", "not-rehearsable"]), line: z.int().nullable(), reason }),
    down: Down,
  }),
  proposal: Proposal.nullable().describe("With --propose: the way back that could be written"),
  notes: z.array(z.string()),
});

const History = z.strictObject({
  tool: z.string(),
  folder: z.string(),
  migrations: z.int(),
  checked: z.int(),
  rehearsed: z.int(),
  aside: z.array(z.strictObject({ path: z.string(), why: z.string() })),
  notes: z.array(z.string()),
});

/** The document of `change-mgmt check --json`. */
export const CheckDocument = z
  .strictObject({
    ok: z.boolean().describe("False with a finding of severity error or an up that fails"),
    engine: z.strictObject({
      name: z.enum(["pglite", "postgres", "none"]).describe("none when nothing was rehearsed"),
      postgres: z.string().nullable().describe("Its version"),
      mismatch: z.string().nullable().describe("How it differs from the version that was asked for, in a sentence"),
    }),
    files: z.array(File),
    histories: z.array(History).describe("The migrations of one tool in one folder"),
    summary: z.strictObject({
      files: z.int(),
      errors: z.int(),
      warnings: z.int(),
      infos: z.int(),
      waived: z.int(),
      known: z.int(),
      ran: z.int(),
      failed: z.int(),
      notRehearsed: z.int(),
    }),
    notes: z.array(z.string()),
  })
  .meta({ title: "change-mgmt check", description: "What check found out about the migrations of a repository" });
