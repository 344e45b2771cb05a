// Loaded before a server (`--import`): calls of its embedded store to the file system fail, each once. Started by trials only.
import { appendFileSync, closeSync, openSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { join, relative } from "node:path";
import { isMainThread } from "node:worker_threads";

type Call = (subject: string | number, ...more: unknown[]) => unknown;

/** `DISK_FAILS_AT` names the calls, with commas between; each that failed leaves a file of its name in the folder `DISK_FAILED`. */
const { DISK_FAILS_AT = "", DISK_FAILED = "", DISK_LOG, CHANGE_MGMT_DATA = "" } = process.env;
const FAILING = new Set(DISK_FAILS_AT.split(","));
const STORE = join(CHANGE_MGMT_DATA, "store");
/** What each call answers on a disk that is full or broken, or in a process that may open no more files. */
const CODES: Readonly<Record<string, string>> = {
  openSync: "EMFILE",
  readSync: "EIO",
  writeSync: "ENOSPC",
  renameSync: "ENOSPC",
  unlinkSync: "EIO",
};

const fs = createRequire(import.meta.url)("node:fs") as Record<string, Call>;
const turns = new Map<string, number>();
const opened = new Map<number, string>();

/** Name of a call, such as `write.pg_wal`: what it does, and to which part of the database. */
function nameOf(call: string, path: string): string {
  const [part = "other", ...rest] = relative(STORE, path).split("/");
  return `${call.replace(/Sync$/, "")}.${rest.length > 0 ? part : "other"}`;
}

function fails(name: string): boolean {
  const turn = (turns.get(name) ?? 0) + 1;
  turns.set(name, turn);
  if (DISK_LOG) appendFileSync(DISK_LOG, `${name}#${turn}\n`);
  const call = `${name}#${turn}`;
  if (!FAILING.has(call)) return false;
  try {
    // In one life of the server only.
    closeSync(openSync(join(DISK_FAILED, call), "wx"));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

if (isMainThread) {
  for (const [call, code] of Object.entries(CODES)) {
    const original = fs[call]!;
    fs[call] = (subject, ...more) => {
      const path = typeof subject === "number" ? opened.get(subject) : String(subject);
      if (path?.startsWith(`${STORE}/`) && fails(nameOf(call, path)))
        throw Object.assign(new Error(`${code}: made to fail, ${path}`), { code });
      const answer = original.call(fs, subject, ...more);
      if (call === "openSync") opened.set(answer as number, String(subject));
      return answer;
    };
  }
  syncBuiltinESMExports();
}
