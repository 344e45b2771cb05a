import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { type MigrationSections, type MigrationSource, readSections, type Section } from "./migration-sections.ts";
import { type MigrationTool, UNWRAPPED_TOOLS } from "./migration-tool.ts";
import { type Statement, splitStatements } from "./statements.ts";

/** The statements of one part of a migration; lines and columns are those of the file. */
export interface PartStatements {
  /** What is run: the part without transactions of its own, everything else at its place. */
  readonly text: string;
  readonly statements: readonly Statement[];
  /** How many BEGIN … COMMIT were taken off; one around the whole is nothing but the transaction every migration has. */
  readonly ownTransactions: number;
  /** True when one BEGIN … COMMIT stood around the whole. */
  readonly wrapped: boolean;
}

/** One part of a migration, read as far as it can be. */
export interface MigrationPart {
  readonly section: Section;
  readonly read: Outcome<PartStatements>;
}

/** A migration's parts, each read by itself, so that a mistake in one does not hide the other. */
export interface MigrationParts {
  readonly tool: MigrationTool;
  readonly up: MigrationPart;
  readonly down: MigrationPart | null;
  /** What the tool's mark or setting says; true without one. */
  readonly transactional: boolean;
}

/** What psql alone understands and what changes nothing of the schema. */
const HARMLESS_COMMAND = /^\\(?:(?:un)?restrict|echo|timing|pset|set\s+ON_ERROR_STOP)\b.*$/gim;

/**
 * Reads both parts of a migration with Postgres's parser. Refuses MIGRATION_FORMAT as a whole; each part refuses what splitStatements
 * does, and TRANSACTION_CONTROL for BEGIN, COMMIT and the like, unless whole transactions follow each other in a file that its
 * tool hands to Postgres as it is and `ownTransactions` allows it.
 */
export async function readMigrationParts(
  source: MigrationSource,
  { ownTransactions }: { readonly ownTransactions: boolean },
): Promise<Outcome<MigrationParts>> {
  const sections = readSections(source);
  if (!sections.ok) return sections;
  const { tool, up, down, transactional } = sections.value;
  const mayOwn = ownTransactions && UNWRAPPED_TOOLS.has(tool);
  return accept({
    tool,
    transactional,
    up: { section: up, read: await readPart(up, sections.value, mayOwn) },
    down: down === null ? null : { section: down, read: await readPart(down, sections.value, mayOwn) },
  });
}

async function readPart(
  { text: raw, file, line }: Section,
  { tool }: MigrationSections,
  mayOwn: boolean,
): Promise<Outcome<PartStatements>> {
  const text = readByPsql(tool) ? raw.replace(HARMLESS_COMMAND, (command) => " ".repeat(command.length)) : raw;
  const split = await splitStatements(text);
  if (!split.ok) {
    const place = split.refusal.place;
    const there = place?.line === undefined ? {} : { line: place.line + line - 1 };
    return { ok: false, refusal: { ...split.refusal, place: { ...place, ...there, file } } };
  }
  const all = split.value.map((statement) => ({ ...statement, line: statement.line + line - 1 }));
  const controls = all.filter((statement) => statement.controlsTransaction);
  if (controls.length === 0) return accept({ text, statements: all, ownTransactions: 0, wrapped: false });
  const wrapped = controls.length === 2 && isPair(all[0]!, all.at(-1)!);
  if (!wrapped && !(mayOwn && inPairs(controls))) return control(wrapped ? controls[1]! : strayOf(all, controls), file);
  const statements = all
    .filter((statement) => !statement.controlsTransaction)
    .map((statement, index) => ({ ...statement, index }));
  const blanked = controls.reduce(blank, text);
  return accept({ text: blanked, statements, ownTransactions: controls.length / 2, wrapped });
}

/** The statement to name: the first that is not the BEGIN or COMMIT around the whole. */
function strayOf(all: readonly Statement[], controls: readonly Statement[]): Statement {
  const around = all.length > 1 && isPair(all[0]!, all.at(-1)!);
  return (around ? controls.find((each) => each !== all[0] && each !== all.at(-1)) : undefined) ?? controls[0]!;
}

function control({ text, line, column }: Statement, file: string): Outcome<never> {
  return refuse(
    "TRANSACTION_CONTROL",
    `${text.split(/\s/)[0]!.toUpperCase()} in the middle of a migration would end or split the transaction that keeps it whole.`,
    "Take it out; each migration already runs in one transaction. BEGIN and COMMIT may stand around the whole file.",
    { place: { file, line, column } },
  );
}

function inPairs(controls: readonly Statement[]): boolean {
  if (controls.length % 2 !== 0) return false;
  return controls.every((each, at) => at % 2 === 1 || isPair(each, controls[at + 1]!));
}

function isPair(begin: Statement, end: Statement): boolean {
  return isPlain(begin, ["begin", "start"]) && isPlain(end, ["commit"]);
}

/** True for a transaction statement of one of the kinds that asks for nothing more, such as an isolation level or CHAIN. */
function isPlain(statement: Statement, kinds: readonly string[]): boolean {
  const node = statement.node.TransactionStmt as { options?: unknown; chain?: boolean } | undefined;
  return kinds.includes(statement.kind) && node?.options === undefined && node?.chain !== true;
}

/** Replaces a statement and its semicolon by blanks, so that every other place stays where it was. */
function blank(text: string, statement: Statement): string {
  const rest = text.slice(statement.end);
  const semicolon = /^\s*;/.exec(rest)?.[0].length ?? 0;
  const end = statement.end + semicolon;
  return text.slice(0, statement.start) + text.slice(statement.start, end).replace(/[^\n]/g, " ") + text.slice(end);
}

/** True for a tool whose files psql reads, with commands of its own. */
function readByPsql(tool: MigrationTool): boolean {
  return tool === "sqitch" || tool === "plain";
}
