/** The tool whose conventions a migration follows; `plain` is SQL without any. */
export type MigrationTool =
  | "plain"
  | "supabase"
  | "prisma"
  | "goose"
  | "golang-migrate"
  | "diesel"
  | "flyway"
  | "dbmate"
  | "sqitch"
  | "postgres-migrations"
  | "node-pg-migrate"
  | "knex"
  | "kysely"
  | "drizzle";

/** Tools that hand a file to Postgres as it is, so that it may open and end transactions of its own. */
export const UNWRAPPED_TOOLS: ReadonlySet<MigrationTool> = new Set([
  "plain",
  "supabase",
  "prisma",
  "golang-migrate",
  "sqitch",
]);

/** Tools without a way back of their own, for which its absence is nothing to blame the author for. */
export const ONE_WAY_TOOLS: ReadonlySet<MigrationTool> = new Set([
  "supabase",
  "prisma",
  "postgres-migrations",
  "drizzle",
]);

/** Tools that open a transaction around every file that no mark or setting excepts, whatever stands in it. */
export const WRAPPING_TOOLS: ReadonlySet<MigrationTool> = new Set([
  "goose",
  "dbmate",
  "diesel",
  "postgres-migrations",
  "node-pg-migrate",
  "knex",
  "kysely",
  "drizzle",
]);

/** What to write where so that a tool opens no transaction. */
export const NO_TRANSACTION_MARKS: Readonly<Partial<Record<MigrationTool, string>>> = {
  goose: "Put -- +goose NO TRANSACTION on a line of its own at the top.",
  dbmate: "Write -- migrate:up transaction:false.",
  diesel: "Put run_in_transaction = false into metadata.toml beside the file.",
  "postgres-migrations": "Put -- postgres-migrations disable-transaction on a line of its own.",
  knex: "Export config = { transaction: false }.",
  "node-pg-migrate": "Call pgm.noTransaction().",
};

/** Tools that send a file as one message, which Postgres takes for one transaction. */
export const SENT_WHOLE: ReadonlySet<MigrationTool> = new Set(["golang-migrate", "prisma"]);

/** Tools whose databases everybody reaches through an API that only row security guards. */
export const EXPOSED_TOOLS: ReadonlySet<MigrationTool> = new Set(["supabase"]);
