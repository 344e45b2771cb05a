import { setImmediate } from "node:timers/promises";
import {
  type BacktestedChange,
  backtestOne,
  type PastChange,
  summed,
} from "@change-mgmt/analysis/configuration/backtest.ts";
import { parseProcess } from "@change-mgmt/analysis/configuration/process-file.ts";
import type { CompareProcess, ProcessComparison } from "@change-mgmt/api/workspace.ts";
import { accept, type Outcome, type Problem, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { compareProcesses } from "@change-mgmt/domain/process/comparison.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import type { z } from "zod";
import type { Handlers } from "../../commands/handler.ts";
import type { ProcessLibrary } from "../../storage/process-record.ts";
import type { Db } from "../../storage/store.ts";
import { readHistory } from "./process-history.ts";

/** Others are heard between so many changes: each takes some milliseconds of the one thread there is. */
const AT_ONCE = 10;
const PAGE = 200;

interface Version {
  readonly process: Process;
  readonly hash: string;
  readonly problems: readonly Problem[];
}

/** Versions of a process side by side over HTTP, and what the later would have said of past changes. */
export function processComparisonRoutes({ db, processes }: { db: Db; processes: ProcessLibrary }): Handlers {
  return {
    "processes.compare": async ({ actor, params: { name }, body, signal }) => {
      const permitted = checkPermission(actor, "change.read");
      return permitted.ok ? await compare(db, processes, name, body, signal) : permitted;
    },
  };
}

async function compare(
  db: Db,
  processes: ProcessLibrary,
  name: string,
  { before, after, text, changes }: z.output<typeof CompareProcess>,
  signal: AbortSignal,
): Promise<Outcome<z.input<typeof ProcessComparison>>> {
  if (text !== undefined && after !== undefined)
    return refuse("INPUT_INVALID", "The later version is given twice.", "Give its hash, or a file.", {
      place: { pointer: "/text" },
    });
  const one = await versionOf(db, processes, name, before);
  if (!one.ok) return one;
  const other = text === undefined ? await versionOf(db, processes, name, after) : proposed(name, text);
  if (!other.ok) return other;
  const { process, hash, problems } = other.value;
  const told = (version: Version) => ({ version: version.process.version, hash: version.hash });
  return accept({
    process: name,
    before: told(one.value),
    after: { version: process.version, hash },
    problems: [...problems],
    differences: compareProcesses(one.value.process, process).map((difference) => ({ ...difference })),
    backtest: await backtested(db, processes, name, process, problems.length > 0 ? 0 : changes, signal),
  });
}

async function versionOf(
  db: Db,
  processes: ProcessLibrary,
  name: string,
  hash: string | undefined,
): Promise<Outcome<Version>> {
  const found = hash === undefined ? processes.inForce(name) : await processes.version(db, name, hash);
  if (found !== undefined) return accept({ process: found.process, hash: found.hash, problems: [] });
  if (hash === undefined || (await processes.versions(db, name)).length === 0)
    return refuse(
      "NOT_FOUND",
      `There is no process "${name}".`,
      `Processes here: ${processes
        .list()
        .map(({ process }) => process.name)
        .join(", ")}.`,
    );
  return refuse(
    "NOT_FOUND",
    `The process "${name}" never had a version with the hash ${hash} in force here.`,
    "The list of its versions has their hashes.",
  );
}

/** A process that is being written; it may have problems, and has to be the one it is held against. */
function proposed(name: string, text: string): Outcome<Version> {
  const parsed = parseProcess(text, "process.yaml");
  if (!parsed.ok) return parsed;
  if (parsed.value.process.name === name) return parsed;
  return refuse(
    "PROCESS_OTHER",
    `The file is the process "${parsed.value.process.name}", not "${name}".`,
    "Compare it with versions of its own name.",
    { place: { file: "process.yaml" } },
  );
}

async function backtested(
  db: Db,
  processes: ProcessLibrary,
  name: string,
  after: Process,
  most: number,
  signal: AbortSignal,
): Promise<z.input<typeof ProcessComparison>["backtest"]> {
  const judged: BacktestedChange[] = [];
  let cursor: string | undefined;
  let more = most === 0;
  while (judged.length < most && !signal.aborted) {
    const limit = Math.min(PAGE, most - judged.length);
    const page = await readHistory(db, name, { limit, ...(cursor === undefined ? {} : { cursor }) });
    if (!page.ok) throw new Error(page.refusal.message);
    for (const past of page.value.items as readonly PastChange[]) {
      judged.push(backtestOne(past, await processes.pinned(db, past.hash), after));
      if (judged.length % AT_ONCE === 0) await setImmediate();
    }
    more = page.value.nextCursor !== null;
    if (page.value.nextCursor === null) break;
    cursor = page.value.nextCursor;
  }
  const { changes, differing, sums } = summed(judged);
  return {
    changes,
    more,
    differing: differing.map((change) => ({ ...change, otherwise: change.otherwise.map((one) => ({ ...one })) })),
    sums: sums.map((sum) => ({ ...sum, ways: sum.ways.map((way) => ({ ...way })) })),
  };
}
