import type { ErrorTopic } from "./topic.ts";

/** Codes of: SQL and its rehearsal. */
export const sql: ErrorTopic = {
  id: "sql",
  title: "SQL and its rehearsal",
  about: "What was read from a migration, and what its rehearsal showed.",
  codes: {
    SQL_INVALID: {
      status: 422,
      means: "Postgres cannot read the SQL.",
      next: "Correct the statement at the place named.",
    },
    SQL_EMPTY: {
      status: 422,
      means: "The file contains no SQL statement.",
      next: "Write the statements, or leave the file out.",
    },
    SQL_COPY_STDIN: {
      status: 422,
      means: "COPY with STDIN or STDOUT needs data from a client, which a migration file cannot give.",
      next: "Write the rows as INSERT statements.",
    },
    SQL_PSQL_COMMAND: {
      status: 422,
      means: "A line is a psql command, which only psql understands.",
      next: "Take the backslash line out and write SQL instead.",
    },
    TRANSACTION_CONTROL: {
      status: 409,
      means: "A statement would end or split the transaction of the migration.",
      next: "Take it out; a migration already runs in one transaction.",
    },
    NOT_TRANSACTIONAL: {
      status: 409,
      means: "A statement cannot run inside a transaction, and its file is marked as one that does.",
      next: "Move it into a migration of its own that is marked as not transactional.",
    },
    NOT_RESUMABLE: {
      status: 409,
      means:
        "An index is built concurrently without a name, so what an interrupted build leaves could not be found again.",
      next: "Give the index a name.",
    },
    SUPABASE_FILE_NAME: {
      status: 409,
      means: "The name of the file is not one that Supabase's migrations know.",
      next: "Name it with digits, an underscore and a name, such as 20261121093000_add_nickname.sql.",
    },
    TOOL_FILE_NAME: {
      status: 409,
      means: "The name of the file is not one that its migration tool knows.",
      next: "Name it as the tool wants it, such as 20261121093000_add_nickname.sql or V42__add_nickname.sql.",
    },
    MIGRATION_FORMAT: {
      status: 409,
      means: "The marks of the migration tool in the file do not fit together.",
      next: "Put the marks as the tool wants them.",
    },
    MIGRATIONS_FOREIGN: {
      means: "The migrations are for another database than Postgres.",
      next: "Name a folder with migrations for Postgres.",
    },
    MIGRATION_UNREADABLE: {
      means: "The file of a migration cannot be read as text.",
      next: "Make it a file of UTF-8 text that may be read here.",
    },
    MIGRATION_IN_CODE: {
      means: "The migration is written in a programming language, which is not run here.",
      next: "Apply it with its own tool, or write it in SQL.",
    },
    MIGRATIONS_NOT_FOUND: { means: "The folder holds no migration.", next: "Name a folder with .sql files in it." },
    NOT_A_MIGRATION: {
      means: "The file named is not a migration that a known tool would apply.",
      next: "Name a migration or a folder of them; the tool's own conventions decide on names.",
    },
    MIGRATIONS_AMBIGUOUS: {
      means: "The folder holds several histories of migrations, and it is not said which is meant.",
      next: "Name the folder of one of them.",
    },
    SCHEMA_NOT_BUILT: {
      means: "The SQL or the migrations that make a schema cannot be run on the embedded engine.",
      next: "Correct what it names, or compare with a database that has the schema.",
    },
    SNAPSHOT_INVALID: {
      means: "The file holds no schema.",
      next: "Write one with change-mgmt schema snapshot.",
    },
    DATABASE_UNREADABLE: {
      means: "The schema of a database could not be read.",
      next: "Check the address, and that the login may connect and read the catalog.",
    },
    RENAME_UNKNOWN: {
      means:
        "A rename names nothing that is only in the first schema under the old name and only in the second under the new one.",
      next: "Write qualified names, such as public.users.name=public.users.full_name.",
    },
    NOT_REHEARSED: {
      status: 409,
      means: "The migration has no finished rehearsal of what it says now.",
      next: "Wait for its rehearsal, or find out why it cannot be rehearsed.",
    },
    REHEARSAL_FAILED: {
      status: 409,
      means: "The way there fails in the rehearsal.",
      next: "Correct the statement that the rehearsal names.",
    },
    ROLLBACK_NOT_PROVEN: {
      status: 409,
      means: "No rehearsal has shown that the way back restores what was.",
      next: "Write a way back that takes back everything, or one for what cannot be taken back.",
    },
    VALIDATION_FAILED: {
      status: 409,
      means: "A check of the validation does not hold.",
      next: "Correct what it names.",
    },
    VALIDATION_INCONCLUSIVE: {
      status: 409,
      means: "A check of the validation could not be established.",
      next: "Bring the evidence that it asks for.",
    },
    DRAFT_TOO_LONG: {
      status: 413,
      means: "The text is too long to be tried while it is written.",
      next: "Save the change; it is rehearsed then.",
    },
    TRY_REPLACED: {
      status: 409,
      means: "A newer try of yours took the place of this one.",
      next: "Look at the answer of the newer one.",
    },
    REHEARSALS_BUSY: {
      status: 503,
      means: "Too many others try out migrations at this moment.",
      next: "Try again in a few seconds. A change that is saved is rehearsed in any case.",
    },
  },
};
