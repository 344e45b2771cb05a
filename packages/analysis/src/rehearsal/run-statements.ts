import type { Statement } from "../sql/statements.ts";
import type { Engine } from "./engine.ts";
import { createdExtension } from "./extensions.ts";
import { knownFacts } from "./known-facts.ts";
import { outsideDatabase } from "./outside-database.ts";
import type { RelationProbe } from "./probe.ts";
import type { StatementReport } from "./report.ts";

export interface RunListener {
  before(statement: Statement): void;
  after(report: StatementReport): void;
}

/** How a run of statements ended; `code` is the SQLSTATE where the database gave one. */
export type RunEnd =
  | { readonly outcome: "ok" }
  | {
      readonly outcome: "fails" | "not-rehearsable";
      readonly line: number;
      readonly reason: string;
      readonly code: string | null;
    };

/**
 * Runs the statements of one direction as a deployment would: in one transaction, or one by one where the file may not have one.
 * Stops at the first that fails; a transaction is then rolled back. Errors of the database are the answer, anything else is thrown.
 */
export async function runStatements(
  engine: Engine,
  probe: RelationProbe,
  statements: readonly Statement[],
  transactional: boolean,
  listener: RunListener,
): Promise<RunEnd> {
  for (const statement of statements) {
    const extension = createdExtension(statement);
    if (extension === null || engine.hasExtension(extension)) continue;
    const reason = `${engine.name} does not have the extension ${extension}`;
    return { outcome: "not-rehearsable", line: statement.line, reason, code: null };
  }
  if (transactional) await begin(engine, probe);
  for (const statement of statements) {
    const end = await runOne(engine, probe, statement, transactional, listener);
    if (end.outcome !== "ok") return end;
  }
  if (!transactional) return { outcome: "ok" };
  return attempt(engine, statements.at(-1)!.line, () => engine.run("commit"));
}

async function runOne(
  engine: Engine,
  probe: RelationProbe,
  statement: Statement,
  transactional: boolean,
  listener: RunListener,
): Promise<RunEnd> {
  const { line, kind } = statement;
  listener.before(statement);
  const alone = !transactional && !statement.transactional;
  const own = !transactional && statement.transactional;
  const nothing = { locks: [], rewrites: [], scans: [] };
  const elsewhere = outsideDatabase(statement, engine.lastingRoles);
  if (elsewhere) {
    listener.after({ line, kind, outcome: "not-rehearsable", ms: 0, source: "known", ...nothing });
    if (transactional) await engine.run("rollback");
    return { outcome: "not-rehearsable", line, reason: elsewhere, code: null };
  }
  if (own) await begin(engine, probe);
  // What it will lock is named before it runs: afterwards a dropped index no longer knows its table.
  const known = alone ? knownFacts(statement, probe) : null;
  const started = performance.now();
  const end = await attempt(engine, line, () => engine.run(statement.text));
  const ms = Math.round((performance.now() - started) * 10) / 10;
  const source = known ? "known" : "measured";
  if (end.outcome !== "ok") {
    listener.after({ line, kind, outcome: end.outcome, ms, source, ...nothing });
    return end;
  }
  const facts = known ?? (await probe.look(kind === "truncate"));
  const last = own ? await attempt(engine, line, () => engine.run("commit")) : end;
  listener.after({ line, kind, outcome: last.outcome, ms, source, ...facts });
  return last;
}

async function begin(engine: Engine, probe: RelationProbe): Promise<void> {
  await engine.run("begin");
  await probe.newTransaction();
}

async function attempt(engine: Engine, line: number, act: () => Promise<void>): Promise<RunEnd> {
  try {
    await act();
    return { outcome: "ok" };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    // Without a SQLSTATE it is not the database that speaks: the engine itself broke.
    if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) throw error;
    await engine.run("rollback");
    const elsewhere = onlyHere(engine.name, code, message);
    return elsewhere === null
      ? { outcome: "fails", line, reason: message, code }
      : { outcome: "not-rehearsable", line, reason: elsewhere, code };
  }
}

/** Errors that speak of this engine and not of the migration; null for all others. */
function onlyHere(engine: string, code: string, message: string): string | null {
  const missing = /^(role|language|collation|tablespace) "[^"]*".* does not exist/.test(message);
  if (code === "42704" && missing) return `${message} here; the target may have it`;
  if (/extension "[^"]*" is not available|not supported (?:by|in) this build|could not access file/.test(message)) {
    return `${engine} lacks it: ${message}`;
  }
  // System errors and exhausted resources are the engine's own.
  return /^(?:53|58)/.test(code) ? `${engine} could not: ${message}` : null;
}
