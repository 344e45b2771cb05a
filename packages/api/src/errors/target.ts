import type { ErrorTopic } from "./topic.ts";

/** Codes of: target databases. */
export const target: ErrorTopic = {
  id: "target",
  title: "Target databases",
  about: "How the server reaches what it deploys to.",
  codes: {
    TARGET_UNREACHABLE: {
      status: 503,
      means: "The database of the environment cannot be reached.",
      next: "See that it runs and can be reached from the machine of the worker.",
    },
    TARGET_NOT_LOOKED_AT: {
      status: 409,
      means: "The statistics of the database could not be read, so it is not known what a change costs there.",
      next: "Let its login read the catalog and the statistics; that of an embedded database is not looked at, and blocks nobody.",
    },
    TARGET_LOGIN_REFUSED: {
      status: 409,
      means: "The database of the environment does not accept the login.",
      next: "Check user and password in the variable, and what the server lets in.",
    },
    TARGET_CONNECTION_LOST: {
      status: 409,
      means: "The connection to the database broke.",
      next: "See that server and network hold, then run the deployment again.",
    },
    TARGET_LOCKED: {
      means: "A statement did not get its lock in time; those who hold it are named.",
      next: "Wait for those sessions or end them, or deploy when less is going on.",
    },
    TARGET_IN_USE: {
      status: 409,
      means: "The embedded database is in use by another process.",
      next: "Wait until it is done, or end that process.",
    },
    TARGET_POOLED: {
      status: 409,
      means: "A pooler in transaction mode stands before the database.",
      next: "Give the address of the database itself or of a pooler in session mode.",
    },
    TARGET_IS_STORE: {
      status: 409,
      means: "The database of an environment is one in which change-mgmt keeps its own state.",
      next: "Choose another database.",
    },
    TARGET_READ_ONLY: {
      status: 409,
      means: "The database takes no writes from this login, or is a standby.",
      next: "Give the address of the primary, or a login that may write.",
    },
    TARGET_REFERENCE_INVALID: {
      status: 409,
      means: "The database of an environment is neither the name of a variable nor an embedded one.",
      next: "Put the address into an environment variable and write its name.",
    },
    TARGET_REFERENCE_MISSING: {
      status: 409,
      means: "The variable that an environment names as its database is not set.",
      next: "Set it where the worker runs, then start the worker again.",
    },
    LEDGER_NOT_WRITABLE: {
      status: 409,
      means: "The ledger could not be made on the target.",
      next: "Let the login create a schema, or make change_mgmt_ledger for it.",
    },
    TARGET_UNDER_CONTROL: {
      means: "Deployments of changes have worked on the database, and only they may.",
      next: "Let a change go through its process; apply is for databases that no environment claims.",
    },
    TOOL_LEDGER_UNKNOWN: {
      means: "A table has the name of a migration tool's ledger and other columns.",
      next: "See which tool has worked on the database, and whether it is the right one.",
    },
    TOOL_LEDGER_NEWER: {
      means:
        "The ledger of the migration tool knows only its newest version, and that is another than the one to be taken back.",
      next: "Roll back the changes that brought the newer versions first.",
    },
    HISTORY_UNFINISHED: {
      means: "The ledger of the migration tool says that a migration began and did not end well.",
      next: "Put right what of it is on the database, and let the tool mark it as settled.",
    },
    HISTORY_FILE_MISSING: {
      means: "A ledger on the database names a migration that is not among the files.",
      next: "See whether it is the right folder in its newest state; bring the file back if it was removed.",
    },
    HISTORY_CHANGED: {
      means: "A migration that is applied has other content than its file has now.",
      next: "Give the file its old content back, and put what is new into a migration of its own.",
    },
    LEDGERS_DISAGREE: {
      means: "Our ledger has a migration that the ledger of the tool has not.",
      next: "If the tool has taken it back, delete its row from change_mgmt_ledger.applied.",
    },
    HISTORY_OUT_OF_ORDER: {
      means: "A migration comes before one that is applied already.",
      next: "Give it a number or time after the newest, or allow it with --out-of-order.",
    },
    SCHEMA_UNREADABLE: {
      status: 409,
      means: "The schema of the database could not be read.",
      next: "See that the login may read its catalog; the answer has the words of Postgres.",
    },
  },
};
