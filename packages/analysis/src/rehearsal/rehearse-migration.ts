import { judgeDifferences } from "@change-mgmt/domain/schema/breaking.ts";
import { compareSchemas, diffSchemas, type SchemaDifference } from "@change-mgmt/domain/schema/diff.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { digestTables, type TableDigest } from "../introspection/digest-tables.ts";
import { introspect } from "../introspection/introspect.ts";
import { type Statement, splitStatements } from "../sql/statements.ts";
import { downNotRehearsable, type MigrationDraft } from "./drafts.ts";
import type { Engine } from "./engine.ts";
import { judgeDown, judgeUp } from "./judge-parts.ts";
import { RelationProbe } from "./probe.ts";
import type { DifferenceReport, DownReport, RehearsalMigration, StatementReport, UpReport } from "./report.ts";
import { type RunEnd, runStatements } from "./run-statements.ts";
import { seedEmptyTables } from "./sample-rows.ts";

export interface MigrationListener {
  doing(direction: "up" | "down" | "between", line: number | null, what: string): void;
  statement(direction: "up" | "down", report: StatementReport): void;
  draft(draft: Partial<MigrationDraft>): void;
}

/** In what state the engine is left, and whether only generated rows stood in the way. */
export interface MigrationEnd {
  readonly state: "before" | "after" | "unknown";
  readonly upOk: boolean;
  readonly failedOnData: boolean;
}

/** SQLSTATE classes of errors that depend on rows; a NOT NULL violation is left out because any row at all brings it about. */
const DATA_ERRORS = /^(?:22|23)(?!502)/;
const MOST_DIGESTS = 300;

/** Rehearses one migration on an engine that holds the state before it: up, judgement, down, comparison. */
export async function rehearseMigration(
  engine: Engine,
  migration: RehearsalMigration,
  seedRows: boolean,
  listener: MigrationListener,
): Promise<MigrationEnd> {
  const up = await readStatements(migration.up, migration.upLine);
  if ("reason" in up) {
    listener.draft({ rehearsal: { up: { outcome: "fails", ...up }, down: downNotRehearsable(UP_FAILED) } });
    return { state: "before", upOk: false, failedOnData: false };
  }
  listener.doing("between", null, "reading the state before");
  const down = migration.down === null ? null : await readStatements(migration.down, migration.downLine);
  const unseeded = seedRows ? await seedEmptyTables(engine.query, relationsNamed(up, down)) : null;
  const before = await introspect(engine.query);
  const digests = down === null ? {} : await digestTables(engine.query, tablesToDigest(before, up, down));

  const upRun = await run(engine, "up", up, migration.transactional, listener);
  if (upRun.end.outcome !== "ok") {
    const rehearsal = { up: upReport(upRun.end), down: downNotRehearsable(UP_FAILED) };
    listener.draft({ rehearsal, findings: judgeUp(migration, up, { reports: upRun.reports, before }) });
    return { state: "unknown", upOk: false, failedOnData: isDataError(upRun.end) };
  }
  const after = await introspect(engine.query);
  const judged = judgeDifferences(diffSchemas(before, after));
  const findings = judgeUp(migration, up, { reports: upRun.reports, before, after });
  const upDone = { outcome: "ok", line: null, reason: null } as const;
  const soFar = {
    schemaChange: judged.map(({ difference, breaking, reason }) => ({ ...facts(difference), breaking, reason })),
    breaking: judged.some(({ breaking }) => breaking) || findings.some(({ breaking }) => breaking),
    findings,
  };
  const say = (down: DownReport, downFindings: MigrationDraft["downFindings"] = null) =>
    listener.draft({ ...soFar, downFindings, rehearsal: { up: upDone, down } });
  if (down === null) {
    say({ ...downNotRehearsable("there is no down part"), outcome: "absent" });
    return { state: "after", upOk: true, failedOnData: false };
  }
  if ("reason" in down) {
    say({ ...downNotRehearsable(down.reason, down.line), outcome: "fails" });
    return { state: "after", upOk: true, failedOnData: false };
  }
  listener.draft({ ...soFar, rehearsal: { up: upDone, down: downNotRehearsable("it was not reached") } });
  const downRun = await run(engine, "down", down, migration.transactional, listener);
  if (downRun.end.outcome !== "ok") {
    const { outcome, reason, line } = downRun.end;
    const seen = { reports: downRun.reports, before: after };
    say({ ...downNotRehearsable(reason, line), outcome }, judgeDown(migration, down, seen));
    return { state: "unknown", upOk: true, failedOnData: isDataError(downRun.end) };
  }
  const restored = await introspect(engine.query);
  const outcome = compareSchemas(before, restored);
  const data = await compareData(engine, digests, unseeded, [...upRun.reports, ...downRun.reports], before);
  const differences = diffSchemas(before, restored).map(facts);
  const reason = outcome === "differs" ? "the schema is not what it was before" : null;
  const seen = { reports: downRun.reports, before: after, after: restored };
  say({ outcome, ...data, line: null, differences, reason }, judgeDown(migration, down, seen));
  return {
    state: outcome === "exact" && data.data !== "differs" ? "before" : "unknown",
    upOk: true,
    failedOnData: false,
  };
}

const UP_FAILED = "the up part did not finish";

interface Unreadable {
  readonly line: number | null;
  readonly reason: string;
}

/** The statements of a part that begins at `line` of its file; none for a part that says nothing. */
export async function readStatements(sql: string, line?: number | null): Promise<readonly Statement[] | Unreadable> {
  const above = (line ?? 1) - 1;
  const split = await splitStatements(sql);
  if (!split.ok) {
    if (split.refusal.code === "SQL_EMPTY") return [];
    return { line: (split.refusal.place?.line ?? 1) + above, reason: split.refusal.message };
  }
  const statements = split.value.map((statement) => ({ ...statement, line: statement.line + above }));
  const control = statements.find((statement) => statement.controlsTransaction);
  if (!control) return statements;
  return {
    line: control.line,
    reason: `${control.kind.toUpperCase()} would end or split the transaction of the migration`,
  };
}

async function run(
  engine: Engine,
  direction: "up" | "down",
  statements: readonly Statement[],
  transactional: boolean,
  listener: MigrationListener,
): Promise<{ end: RunEnd; reports: StatementReport[] }> {
  const reports: StatementReport[] = [];
  if (statements.length === 0) return { end: { outcome: "ok" }, reports };
  const probe = await RelationProbe.watch(engine.query);
  const end = await runStatements(engine, probe, statements, transactional, {
    before: (statement) => listener.doing(direction, statement.line, statement.kind),
    after: (report) => {
      reports.push(report);
      listener.statement(direction, report);
    },
  });
  listener.doing("between", null, `comparing after ${direction}`);
  await engine.resetSession();
  return { end, reports };
}

function upReport(end: Exclude<RunEnd, { outcome: "ok" }>): UpReport {
  // Adding a column NOT NULL without a default is fine on an empty table and on no other.
  const withRows = end.code === "23502" ? `${end.reason} (as soon as the table has a row)` : end.reason;
  return { outcome: end.outcome, line: end.line, reason: withRows };
}

function isDataError(end: RunEnd): boolean {
  return end.outcome === "fails" && end.code !== null && DATA_ERRORS.test(end.code);
}

function facts({ change, kind, object, detail }: SchemaDifference): DifferenceReport {
  return { change, kind, object, detail };
}

/** All tables of a small schema; of a large one those that the statements name. */
function tablesToDigest(before: SchemaModel, ...parts: readonly (readonly Statement[] | Unreadable)[]): string[] {
  const tables = Object.values(before.objects).filter(
    (object) => object.kind === "table" && object.fields.foreign !== true,
  );
  const names = tables.map((table) => table.name);
  if (names.length <= MOST_DIGESTS) return names;
  const named = relationsNamed(...parts);
  return names.filter((name) => [...named].some((each) => name === each || name.endsWith(`.${each}`)));
}

/** The relations that statements name, without their schema. */
function relationsNamed(...parts: readonly (readonly Statement[] | Unreadable | null)[]): ReadonlySet<string> {
  const statements = parts.flatMap((part) => (part === null || "reason" in part ? [] : part));
  return new Set(statements.flatMap(({ relations }) => relations.map(({ name }) => name)));
}

/** Lock modes under which a table's rows can only have been read. */
const READING: ReadonlySet<string> = new Set(["AccessShareLock", "RowShareLock"]);

async function compareData(
  engine: Engine,
  before: Readonly<Record<string, TableDigest>>,
  unseeded: readonly string[] | null,
  statements: readonly StatementReport[],
  schema: SchemaModel,
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
