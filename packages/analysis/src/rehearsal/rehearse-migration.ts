import { judgeDifferences } from "@change-mgmt/domain/schema/breaking.ts";
import { diffSchemas } from "@change-mgmt/domain/schema/diff.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { digestTables } from "../introspection/digest-tables.ts";
import { introspect } from "../introspection/introspect.ts";
import type { Statement } from "../sql/statements.ts";
import { downNotRehearsable, type MigrationDraft } from "./drafts.ts";
import type { Engine } from "./engine.ts";
import { judgeUp } from "./judge-parts.ts";
import type { DownReport, RehearsalMigration, UpReport } from "./report.ts";
import {
  isDataError,
  type MigrationEnd,
  type MigrationListener,
  readStatements,
  runPart,
  type Unreadable,
} from "./run-part.ts";
import type { RunEnd } from "./run-statements.ts";
import { seedEmptyTables } from "./sample-rows.ts";
import { facts, proposeWayBack, takeBack, type WayThere } from "./take-back.ts";

const MOST_DIGESTS = 300;

/**
 * Rehearses one migration on an engine that holds the state before it: up, judgement, down, comparison. Where it has no way back and
 * `propose` asks for one, that is run in its place.
 */
export async function rehearseMigration(
  engine: Engine,
  migration: RehearsalMigration,
  { seedRows, propose }: { readonly seedRows: boolean; readonly propose: boolean },
  listener: MigrationListener,
): Promise<MigrationEnd> {
  const up = await readStatements(migration.up, migration.upLine);
  if ("reason" in up) {
    listener.draft({ rehearsal: { up: { outcome: "fails", ...up }, down: downNotRehearsable(UP_FAILED) } });
    return { state: "before", upOk: false, failedOnData: false, downWrong: false };
  }
  listener.doing("between", null, "reading the state before");
  const down = await readDown(migration);
  const unseeded = seedRows ? await seedEmptyTables(engine.query, relationsNamed(up, down)) : null;
  const proposes = propose && down === null;
  const before = await introspect(engine.query, { dependencies: proposes, owners: true });
  const digests = down === null && !proposes ? {} : await digestTables(engine.query, tablesToDigest(before, up, down));

  const upRun = await runPart(engine, "up", up, migration.transactional, listener);
  if (upRun.end.outcome !== "ok") {
    const rehearsal = { up: upReport(upRun.end), down: downNotRehearsable(UP_FAILED) };
    listener.draft({ rehearsal, findings: judgeUp(migration, up, { reports: upRun.reports, before }) });
    return { state: "unknown", upOk: false, failedOnData: isDataError(upRun.end), downWrong: false };
  }
  const after = await introspect(engine.query, { dependencies: proposes, owners: true });
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
  const there: WayThere = { engine, migration, before, after, upReports: upRun.reports, digests, unseeded };
  if (down === null) {
    const reason = migration.down === null ? "there is no down part" : "the down part is empty";
    say({ ...downNotRehearsable(reason), outcome: "absent" });
    const state = proposes ? await proposeWayBack(there, listener) : "after";
    return { state, upOk: true, failedOnData: false, downWrong: false };
  }
  if ("reason" in down) {
    say({ ...downNotRehearsable(down.reason, down.line), outcome: "fails" });
    return { state: "after", upOk: true, failedOnData: false, downWrong: true };
  }
  listener.draft({ ...soFar, rehearsal: { up: upDone, down: downNotRehearsable("it was not reached") } });
  const back = await takeBack(there, down, migration.transactional, listener);
  say(back.report, back.findings);
  const downWrong = back.report.outcome === "fails" || back.report.outcome === "differs";
  return { state: back.state, upOk: true, failedOnData: back.failedOnData, downWrong };
}

/** A blank down part takes nothing back: it is as if there were none. One of comments alone says that nothing has to be. */
async function readDown({ down, downLine }: RehearsalMigration): Promise<readonly Statement[] | Unreadable | null> {
  return down === null || down.trim() === "" ? null : await readStatements(down, downLine);
}

const UP_FAILED = "the up part did not finish";

function upReport(end: Exclude<RunEnd, { outcome: "ok" }>): UpReport {
  // Adding a column NOT NULL without a default is fine on an empty table and on no other.
  const withRows = end.code === "23502" ? `${end.reason} (as soon as the table has a row)` : end.reason;
  return { outcome: end.outcome, line: end.line, reason: withRows };
}

/** All tables of a small schema; of a large one those that the statements name. */
function tablesToDigest(
  before: SchemaModel,
  ...parts: readonly (readonly Statement[] | Unreadable | null)[]
): string[] {
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
