import type { HistoryEntry, MigrationHistory } from "../sql/histories/history.ts";
import type { SourceText, SourceTree } from "../sql/histories/source-tree.ts";
import { type MigrationPart, type MigrationParts, readMigrationParts } from "../sql/migration-parts.ts";
import type { CompanionFile } from "../sql/migration-sections.ts";
import { NO_TRANSACTION_MARKS, SENT_WHOLE, WRAPPING_TOOLS } from "../sql/migration-tool.ts";
import { findingOf, type RawFinding } from "./findings.ts";
import { otherDatabase } from "./other-database.ts";
import type { RecordedScript } from "./recorded.ts";

/** One migration as far as it can be read without running it. */
export interface ReadEntry {
  readonly entry: HistoryEntry;
  readonly history: MigrationHistory;
  /** Null where not even its parts could be told. */
  readonly parts: MigrationParts | null;
  readonly transactional: boolean;
  readonly findings: readonly RawFinding[];
  /** Why it cannot be rehearsed though it may be fine; null where it can. */
  readonly blocked: string | null;
  /** Why it fails without being run, and where; null where nothing says so. */
  readonly broken: { readonly line: number; readonly reason: string } | null;
  /** True for SQL of another database, which does nothing to a Postgres. */
  readonly elsewhere: boolean;
  /** Its text, for excerpts; null where it could not be read. */
  readonly text: string | null;
  /** The text of the file with the way back, where that is another one. */
  readonly downText: string | null;
  /** What is to be known of how it was read, in sentences. */
  readonly notes: readonly string[];
}

/** Reads one migration and what lies beside it, and says what is wrong with it as text. */
export async function readEntry(
  tree: SourceTree,
  history: MigrationHistory,
  entry: HistoryEntry,
  shown: (path: string) => string,
  recorded?: RecordedScript,
): Promise<ReadEntry> {
  const source = await tree.text(entry.path);
  const nothing = {
    entry,
    history,
    parts: null,
    transactional: true,
    elsewhere: false,
    text: null,
    downText: null,
    notes: [],
  };
  if (!source.ok) {
    const finding = unreadableFinding(source, undefined);
    return { ...nothing, findings: [finding], blocked: finding.message, broken: null };
  }
  if (entry.code) return { ...nothing, text: source.text, ...(await readScript(history, entry, shown, recorded)) };
  const findings: RawFinding[] = [];
  if (source.byteOrderMark) findings.push(byteOrderMark());
  const down = await readDown(tree, entry, shown, findings);
  const read = await readMigrationParts(
    { path: entry.path, text: source.text, tool: history.tool, down, transactional: entry.transactional },
    { ownTransactions: true },
  );
  const texts = { text: source.text, downText: down?.text ?? null, notes: [] };
  if (!read.ok) {
    findings.push(findingOf(read.refusal, "error"));
    const broken = { line: read.refusal.place?.line ?? 1, reason: plainSentence(read.refusal.message) };
    return { ...nothing, ...texts, findings, blocked: null, broken };
  }
  return { ...texts, ...judgeParts(entry, history, read.value, source.text, shown, findings) };
}

function judgeParts(
  entry: HistoryEntry,
  history: MigrationHistory,
  parts: MigrationParts,
  text: string,
  shown: (path: string) => string,
  findings: RawFinding[],
): Omit<ReadEntry, "text" | "downText" | "notes"> {
  const { up, down } = parts;
  const both = down ? [up, down] : [up];
  const own = both.reduce(
    (sum, { read }) => sum + (read.ok && !read.value.wrapped ? read.value.ownTransactions : 0),
    0,
  );
  const alone = both.some(({ read }) => read.ok && read.value.statements.some((statement) => !statement.transactional));
  const transactional = parts.transactional && own === 0 && !alone;
  const known = { entry, history, parts, transactional, elsewhere: false, blocked: null, broken: null };
  const fileOf = (part: MigrationPart) => (part.section.file === entry.path ? undefined : shown(part.section.file));
  if (own > 0) findings.push(ownTransactions(own));
  let broken: ReadEntry["broken"] = null;
  for (const part of both) {
    const refused = refusedInTransaction(parts, part);
    if (!refused) continue;
    findings.push({ ...refused, part: part === up ? "up" : "down", file: fileOf(part) });
    if (part === up && refused.severity === "error")
      broken = { line: refused.line, reason: plainSentence(refused.message) };
  }
  if (down && !down.read.ok && down.read.refusal.code !== "SQL_EMPTY") {
    findings.push({ ...findingOf(down.read.refusal, "error", fileOf(down)), part: "down" });
  }
  if (up.read.ok) return { ...known, findings, broken };
  const { refusal } = up.read;
  if (refusal.code === "SQL_EMPTY") {
    findings.push(emptyFinding());
    return { ...known, findings };
  }
  const other = otherDatabase(entry.path, text);
  if (other !== null && refusal.code === "SQL_INVALID") {
    findings.push({ ...findingOf(refusal, "info"), ...otherFinding(other) });
    return { ...known, findings, elsewhere: true, blocked: `it is SQL for ${other}` };
  }
  findings.push(findingOf(refusal, "error"));
  return { ...known, findings, broken: { line: refusal.place?.line ?? 1, reason: plainSentence(refusal.message) } };
}

/** A sentence without its full stop, as reasons are written. */
function plainSentence(text: string): string {
  return text.replace(/\.$/, "");
}

/** A migration written in a programming language, by the SQL that it was seen to send. */
async function readScript(
  history: MigrationHistory,
  entry: HistoryEntry,
  shown: (path: string) => string,
  recorded: RecordedScript | undefined,
): Promise<Pick<ReadEntry, "findings" | "blocked" | "broken"> & Partial<ReadEntry>> {
  const language = languageOf(entry.path);
  const blocked = (why: string) => ({
    findings: [],
    broken: null,
    blocked: `it is written in ${language}, and ${why}`,
  });
  if (!recorded) return blocked("only its own tool can say which SQL it runs");
  const { up, down, transactional } = recorded;
  if ("why" in up) return blocked(`could not be run to see its SQL: ${up.why}`);
  const text = textOf(up.sql);
  const findings: RawFinding[] = [];
  if (down && "why" in down) {
    const message = `Its way back could not be run to see its SQL: ${down.why}.`;
    findings.push({ rule: "way-back-unknown", severity: "warning", line: 1, column: 1, message });
  }
  const back = down && "sql" in down ? { name: entry.path, text: textOf(down.sql) } : null;
  const source = { path: entry.path, text, tool: history.tool, down: back, transactional };
  const read = await readMigrationParts(source, { ownTransactions: true });
  if (!read.ok) return blocked(read.refusal.message);
  const asked = up.sql.some((statement) => /^\s*(?:select|with|show)\b/i.test(statement));
  const notes = asked ? ["It was run without a database to see its SQL, so what it read there was empty."] : [];
  return { ...judgeParts(entry, history, read.value, text, shown, findings), notes };
}

function textOf(sql: readonly string[]): string {
  return sql.map((statement) => `${statement.replace(/[\s;]+$/, "")};\n`).join("");
}

async function readDown(
  tree: SourceTree,
  entry: HistoryEntry,
  shown: (path: string) => string,
  findings: RawFinding[],
): Promise<CompanionFile | null> {
  if (entry.down === null) return null;
  const source = await tree.text(entry.down);
  if (source.ok) return { name: entry.down, text: source.text };
  findings.push(unreadableFinding(source, shown(entry.down)));
  return null;
}

function unreadableFinding(source: Exclude<SourceText, { ok: true }>, file: string | undefined): RawFinding {
  const severity = "error";
  if (source.problem === "not-utf8") {
    const { line, column } = source.place;
    const hint = "Save the file as UTF-8; Postgres refuses such bytes.";
    return { rule: "not-utf8", severity, line, column, message: `It cannot be read: ${source.detail}.`, hint, file };
  }
  const rule = source.problem === "too-large" ? "file-too-large" : "file-unreadable";
  const hint =
    source.problem === "too-large" ? "Keep data out of migrations, or divide the file." : "Check who may read it.";
  return { rule, severity, line: 1, column: 1, message: `It was not read: ${source.detail}.`, hint, file };
}

function byteOrderMark(): RawFinding {
  return {
    rule: "byte-order-mark",
    severity: "warning",
    line: 1,
    column: 1,
    message:
      "The file begins with a byte order mark, which Postgres takes for a syntax error unless the tool removes it.",
    hint: "Save it as UTF-8 without a byte order mark.",
  };
}

function ownTransactions(count: number): RawFinding {
  const several = count === 1 ? "a transaction of its own around a part of it" : `${count} transactions of its own`;
  return {
    rule: "own-transactions",
    severity: "warning",
    line: 1,
    column: 1,
    message: `The file runs in ${several}: when a later statement fails, what is committed stays.`,
    hint: "Leave BEGIN and COMMIT to the tool, or divide the file.",
  };
}

/** The first statement of a part that Postgres refuses in the transaction that the file or its tool opens around it. */
function refusedInTransaction(parts: MigrationParts, { read }: MigrationPart): RawFinding | null {
  if (!read.ok) return null;
  const { statements, wrapped, ownTransactions } = read.value;
  const single = statements.find((statement) => !statement.transactional);
  if (!single) return null;
  const { line, column, kind } = single;
  const words = kind.replaceAll("_", " ").toUpperCase();
  const at = { rule: "not-in-transaction", line, column };
  const own = "Put it into a file of its own";
  if (wrapped) {
    const message = `Postgres refuses this ${words} inside a transaction, and the file opens one.`;
    return { ...at, severity: "error", message, hint: `${own}, without BEGIN and COMMIT.` };
  }
  if (parts.transactional && WRAPPING_TOOLS.has(parts.tool)) {
    const message = `Postgres refuses this ${words} inside a transaction, and ${parts.tool} opens one around the file.`;
    return {
      ...at,
      severity: "error",
      message,
      hint: NO_TRANSACTION_MARKS[parts.tool] ?? `${own} that is run by hand.`,
    };
  }
  const together = statements.length > 1 && ownTransactions === 0 && SENT_WHOLE.has(parts.tool);
  if (!together) return null;
  const message = `${parts.tool} sends the file to Postgres as one message, and Postgres refuses this ${words} among other statements.`;
  return { ...at, severity: "warning", message, hint: `${own}.` };
}

function emptyFinding(): RawFinding {
  const message = "The file contains no SQL statement.";
  return {
    rule: "empty-migration",
    severity: "info",
    line: 1,
    column: 1,
    message,
    hint: "Leave it out unless it keeps a place.",
  };
}

function otherFinding(database: string) {
  return {
    rule: "other-database",
    message: `This is SQL for ${database} and not for Postgres; it was left out.`,
    hint: "Keep the migrations of each database in a folder of their own.",
  };
}

function languageOf(path: string): string {
  if (path.endsWith(".go")) return "Go";
  return /\.[mc]?ts$/.test(path) ? "TypeScript" : "JavaScript";
}
