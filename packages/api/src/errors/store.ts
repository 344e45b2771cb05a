import type { ErrorTopic } from "./topic.ts";

/** Codes of: running a server. */
export const store: ErrorTopic = {
  id: "store",
  title: "Running a server",
  about: "Start, store, keys, backup and restore. Said in the terminal of whoever runs it.",
  codes: {
    SETTING_INVALID: {
      means: "An environment variable does not hold what it should.",
      next: "Correct it or leave it out; docs/operations.md lists them.",
    },
    STORE_UNAVAILABLE: {
      status: 503,
      means: "The store cannot be used at this moment.",
      next: "Check that the database runs, and the address, user and password in DATABASE_URL.",
    },
    STORE_IN_USE: { means: "Another process has the data folder.", next: "Use that server, or stop it first." },
    STORE_NEWER: { means: "A newer version has upgraded the store.", next: "Start that version here too." },
    STORE_ALTERED: {
      means: "A migration of the store was applied with another content than this version has.",
      next: "Start the version that applied it, or restore a backup.",
    },
    STORE_NOT_EMPTY: {
      means: "A backup is restored into an empty store only.",
      next: "Choose a new data folder or an empty database.",
    },
    BACKUP_NEWER: {
      means: "The backup was written by a newer version.",
      next: "Restore it with the version that wrote it, or a later one.",
    },
    BACKUP_OTHER_SCHEMA: {
      means: "The backup has an older schema than this version.",
      next: "Restore it with the version that wrote it, then start this version on that store.",
    },
    BACKUP_DAMAGED: {
      means: "The backup cannot be trusted; nothing was restored.",
      next: "Take another copy of the file, or an earlier backup.",
    },
    AUDIT_KEY_INVALID: {
      means: "The audit key is not one.",
      next: "It is 32 bytes in hex; `openssl rand -hex 32` makes one.",
    },
    ACCOUNT_KEY_INVALID: {
      means: "The account key is not one.",
      next: "It is 32 bytes in hex; `openssl rand -hex 32` makes one.",
    },
    PORT_IN_USE: { means: "Another process has the port.", next: "Choose another with --port." },
    PORT_FORBIDDEN: { means: "This user may not listen on the port.", next: "Choose one above 1023." },
    HOST_UNKNOWN: {
      means: "The address to listen on is not one of this machine.",
      next: "Leave --host out, or give --host=0.0.0.0 for all.",
    },
  },
};
