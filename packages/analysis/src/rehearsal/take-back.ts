import { compareSchemas, diffSchemas, type SchemaDifference } from "@change-mgmt/domain/schema/diff.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { digestTables, type TableDigest } from "../introspection/digest-tables.ts";
import { introspect } from "../introspection/introspect.ts";
import type { Statement } from "../sql/statements.ts";
import { downNotRehearsable } from "./drafts.ts";
import type { Engine } from "./engine.ts";
import { judgeDown } from "./judge-parts.ts";
import type { DifferenceReport, DownReport, RehearsalMigration, StatementReport } from "./report.ts";
import { isDataError, type MigrationEnd, type MigrationListener, readStatements, runPart } from "./run-part.ts";

/** A migration after its way there, with what is needed to compare what comes back. */
export interface WayThere {
  readonly engine: Engine;
  readonly migration: RehearsalMigration;
  readonly before: SchemaModel;
  readonly after: SchemaModel;
  readonly upReports: readonly StatementReport[];
  readonly digests: Readonly<Record<string, TableDigest>>;
  /** Tables for which no rows could be generated; null where none were wanted. */
  readonly unseeded: readonly string[] | null;
}

/** Runs a way back and compares what it brought back. */
export async function takeBack(
  there: WayThere,
  down: readonly Statement[],
  transactional: boolean,
  listener: MigrationListener,
) {
  const { engine, migration, before, after, upReports } = there;
  const { end, reports } = await runPart(engine, "down", down, transactional, listener);
  if (end.outcome !== "ok") {
    const report: DownReport = { ...downNotRehearsable(end.reason, end.line), outcome: end.outcome };
    const findings = judgeDown(migration, down, { reports, before: after });
    return { report, findings, state: "unknown", failedOnData: isDataError(end) } as const;
  }
  const restored = await introspect(engine.query, { owners: true });
  const outcome = compareSchemas(before, restored);
  const data = await compareData(there, [...upReports, ...reports]);
  const differences = diffSchemas(before, restored).map(facts);
  const reason = outcome === "differs" ? "the schema is not what it was before" : null;
  const report: DownReport = { outcome, ...data, line: null, differences, reason };
  const findings = judgeDown(migration, down, { reports, before: after, after: restored });
  const state = outcome === "exact" && data.data !== "differs" ? "before" : "unknown";
  return { report, findings, state, failedOnData: false } as const;
}

/**
 * Tells which way back could be written and what running it brought back; nothing where there is nothing to take back. Answers with the
 * state it leaves.
 */
export async function proposeWayBack(there: WayThere, listener: MigrationListener): Promise<MigrationEnd["state"]> {
  // What plans alterations is loaded only where it is asked for.
  const { proposeDown } = await import("../alteration/propose-down.ts");
  const { sql, transactional, losses, obstacles } = proposeDown(there.before, there.after);
  if (sql === "") return "after";
  const proposal = { sql, transactional: there.migration.transactional && transactional, losses, obstacles };
  if (sql === null) {
    listener.draft({ proposal: { ...proposal, rehearsal: null } });
    return "after";
  }
  const statements = await readStatements(sql);
  if ("reason" in statements) throw new Error(`a way back was proposed that cannot be read: ${statements.reason}`);
  const quietly: MigrationListener = {
    doing: (_, line, what) => listener.doing("between", line, `taking it back as proposed (${what})`),
    statement: () => {},
    draft: () => {},
  };
  const { report, state } = await takeBack(there, statements, proposal.transactional, quietly);
  listener.draft({ proposal: { ...proposal, rehearsal: report } });
  return state;
}

/** A difference as reports tell it. */
export function facts({ change, kind, object, detail }: SchemaDifference): DifferenceReport {
  return { change, kind, object, detail };
}

/** Lock modes under which a table's rows can only have been read. */
const READING: ReadonlySet<string> = new Set(["AccessShareLock", "RowShareLock"]);

async function compareData(
  { engine, digests: before, unseeded, before: schema }: WayThere,
  statements: readonly StatementReport[],
): Promise<Pick<DownReport, "data" | "dataReason">> {
  const after = await digestTables(engine.query, Object.keys(before));
  const changed = Object.entries(before).filter(([name, digest]) => digest.digest !== after[name]?.digest);
  if (changed.length > 0) {
    const names = changed.map(([name, { rows }]) => `${name} (${rows} rows before, ${after[name]?.rows ?? 0} after)`);
    return { data: "differs", dataReason: `rows differ in ${names.join(", ")}` };
  }
  const touched = new Set(
    statements.flatMap((statement) => [
      ...statement.rewrites,
      ...statement.locks.filter((lock) => !READING.has(lock.mode)).map((lock) => lock.relation),
    ]),
  );
  const unknown = [...touched].filter((name) => schema.objects[`table:${name}`] && (before[name]?.rows ?? 0) === 0);
  if (unknown.length === 0) return { data: "equal", dataReason: null };
  const why = unseeded === null ? "no rows were generated" : "no rows could be generated simply";
  return { data: "not-checked", dataReason: `${why} for ${unknown.sort().join(", ")}` };
}
