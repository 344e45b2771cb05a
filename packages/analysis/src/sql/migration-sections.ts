import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { MigrationTool } from "./migration-tool.ts";

/** A file beside a migration, by its name or path. */
export interface CompanionFile {
  readonly name: string;
  readonly text: string;
}

/** A migration's text and what is known of it besides. */
export interface MigrationSource {
  /** Its path; the folder may tell the tool. */
  readonly path: string;
  readonly text: string;
  /** The tool, where its layout has told; else it is read from marks and names. */
  readonly tool?: MigrationTool;
  /** The file with the way back. */
  readonly down?: CompanionFile | null;
  /** What a setting beside the file says of its transaction. */
  readonly transactional?: boolean | null;
}

/** A part of a migration and where it stands; `line` is 1-based. */
export interface Section {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

export interface MigrationSections {
  readonly tool: MigrationTool;
  readonly up: Section;
  readonly down: Section | null;
  /** What the tool's own mark says; true without one. */
  readonly transactional: boolean;
}

const GOOSE = /^[ \t]*--[ \t]*\+goose[ \t]+(.+?)[ \t]*$/i;
const DBMATE = /^[ \t]*--[ \t]*migrate:(up|down)\b(.*)$/i;
const NODE_PG_MIGRATE = /^\s*--[\s-]*(up|down)\s+migration\b/i;
const NO_TRANSACTION = /^[ \t]*--[ \t]*postgres-migrations[ \t]+disable-transaction\b/im;

/** Splits a migration into its up and down part by the marks in it, or by its name and the file beside it. */
export function readSections(source: MigrationSource): Outcome<MigrationSections> {
  const { path, text, tool, down } = source;
  // Most files have no mark, and none needs to be looked at line by line then.
  const marked = (pattern: RegExp) => new RegExp(pattern.source, "im").test(text);
  if (tool === undefined ? marked(GOOSE) : tool === "goose") return goose(path, linesOf(text));
  if (tool === undefined ? marked(DBMATE) : tool === "dbmate") return dbmate(path, linesOf(text));
  if (tool === "node-pg-migrate" && marked(NODE_PG_MIGRATE)) return nodePgMigrate(path, linesOf(text));
  return accept({
    tool: tool ?? toolByName(path),
    up: { text, file: path, line: 1 },
    down: down ? { text: down.text, file: down.name, line: 1 } : null,
    transactional: source.transactional ?? !NO_TRANSACTION.test(text),
  });
}

function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, "").split("\n");
}

/** Names under which the down part of a file may lie beside it, in the conventions of the pair-making tools. */
export function downNames(fileName: string): string[] {
  const base = baseName(fileName);
  if (/\.up\.sql$/i.test(base)) return [base.replace(/\.up\.sql$/i, ".down.sql")];
  if (base.toLowerCase() === "up.sql") return ["down.sql"];
  if (/^V.*__/.test(base)) return [base.replace(/^V/, "U")];
  return [base.replace(/\.sql$/i, ".down.sql")];
}

/** True for a file that is only the down part of another. */
export function isDownFile(fileName: string): boolean {
  return (
    /\.down\.sql$/i.test(fileName) || /^down\.sql$/i.test(baseName(fileName)) || /^U[^_]*__/.test(baseName(fileName))
  );
}

/** The companion that holds a file's down part by its name. */
export function companionOf(fileName: string, companions: readonly CompanionFile[]): CompanionFile | undefined {
  const names = downNames(fileName).map((name) => name.toLowerCase());
  return companions.find((companion) => names.includes(baseName(companion.name).toLowerCase()));
}

function toolByName(fileName: string): MigrationTool {
  const base = baseName(fileName);
  if (/(?:^|[/\\])supabase[/\\]migrations[/\\]\d+_[^/\\]*\.sql$/i.test(fileName)) return "supabase";
  if (/\.up\.sql$/i.test(base)) return "golang-migrate";
  if (base.toLowerCase() === "up.sql") return "diesel";
  return /^[VR].*__.*\.sql$/.test(base) ? "flyway" : "plain";
}

function goose(file: string, lines: readonly string[]): Outcome<MigrationSections> {
  const parts: Parts = { up: null, down: null };
  let current: Open | null = null;
  let transactional = true;
  for (const [index, line] of lines.entries()) {
    const mark = GOOSE.exec(line)?.[1]?.toUpperCase().replace(/\s+/g, " ");
    if (mark === "UP" || mark === "DOWN") {
      const side = mark === "UP" ? "up" : "down";
      if (parts[side]) return misplaced(file, index, `-- +goose ${mark} stands twice`);
      if (side === "down" && !parts.up) return misplaced(file, index, "-- +goose Down stands before -- +goose Up");
      current = { from: index + 1, lines: [] };
      parts[side] = current;
    } else if (mark === "NO TRANSACTION") {
      transactional = false;
    } else if (mark === "ENVSUB ON") {
      return misplaced(file, index, "-- +goose ENVSUB fills in environment variables, which are not known here");
    } else if (mark !== undefined && !["STATEMENTBEGIN", "STATEMENTEND", "ENVSUB OFF"].includes(mark)) {
      return misplaced(file, index, `-- +goose ${mark} is not a mark that goose knows`);
    }
    if (current && current.from <= index) current.lines.push(mark === undefined ? line : "");
  }
  return closedParts("goose", file, parts, transactional, "-- +goose Up");
}

function dbmate(file: string, lines: readonly string[]): Outcome<MigrationSections> {
  let transactional = true;
  return twoParts("dbmate", file, lines, DBMATE, "-- migrate:", (options) => {
    if (/\btransaction:\s*false\b/i.test(options)) transactional = false;
    return transactional;
  });
}

function nodePgMigrate(file: string, lines: readonly string[]): Outcome<MigrationSections> {
  return twoParts("node-pg-migrate", file, lines, NODE_PG_MIGRATE, "-- migration ", () => true);
}

/** Reads two parts that each begin with a mark; what stands after the mark's word tells whether a transaction is wanted. */
function twoParts(
  tool: MigrationTool,
  file: string,
  lines: readonly string[],
  pattern: RegExp,
  words: string,
  wantsTransaction: (options: string) => boolean,
): Outcome<MigrationSections> {
  const parts: Parts = { up: null, down: null };
  let current: Open | null = null;
  let transactional = true;
  for (const [index, line] of lines.entries()) {
    const mark = pattern.exec(line);
    if (mark) {
      const side = mark[1]!.toLowerCase() as "up" | "down";
      if (parts[side]) return misplaced(file, index, `${words}${side} stands twice`);
      transactional = wantsTransaction(mark[2] ?? "") && transactional;
      current = { from: index + 1, lines: [] };
      parts[side] = current;
    } else current?.lines.push(line);
  }
  return closedParts(tool, file, parts, transactional, `${words}up`);
}

interface Open {
  /** 0-based index of the first line. */
  readonly from: number;
  readonly lines: string[];
}

interface Parts {
  up: Open | null;
  down: Open | null;
}

function closedParts(
  tool: MigrationTool,
  file: string,
  { up, down }: Parts,
  transactional: boolean,
  mark: string,
): Outcome<MigrationSections> {
  if (!up) return misplaced(file, 0, `there is no ${mark}`);
  return accept({ tool, up: closed(file, up), down: down && closed(file, down), transactional });
}

function closed(file: string, part: Open): Section {
  return { text: part.lines.join("\n"), file, line: part.from + 1 };
}

function misplaced(file: string, index: number, what: string): Outcome<never> {
  return refuse(
    "MIGRATION_FORMAT",
    `The marks of the migration tool do not fit: ${what}.`,
    "Put the marks as the tool wants them.",
    {
      place: { file, line: index + 1 },
    },
  );
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}
