import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { CompanionFile, MigrationTool } from "./migration-file.ts";

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
const NO_TRANSACTION = /^[ \t]*--[ \t]*postgres-migrations[ \t]+disable-transaction\b/im;

/** Splits a migration file into its up and down part by the marks in it, or by its name and its companions. */
export function readSections(
  fileName: string,
  text: string,
  companions: readonly CompanionFile[],
): Outcome<MigrationSections> {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  if (lines.some((line) => GOOSE.test(line))) return goose(fileName, lines);
  if (lines.some((line) => DBMATE.test(line))) return dbmate(fileName, lines);
  const down = companionOf(fileName, companions);
  return accept({
    tool: toolByName(fileName),
    up: { text, file: fileName, line: 1 },
    down: down ? { text: down.text, file: down.name, line: 1 } : null,
    transactional: !NO_TRANSACTION.test(text),
  });
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

function companionOf(fileName: string, companions: readonly CompanionFile[]): CompanionFile | undefined {
  const names = downNames(fileName).map((name) => name.toLowerCase());
  return companions.find((companion) => names.includes(baseName(companion.name).toLowerCase()));
}

function toolByName(fileName: string): MigrationTool {
  const base = baseName(fileName);
  if (/(?:^|[/\\])supabase[/\\]migrations[/\\]\d+_[^/\\]*\.sql$/i.test(fileName)) return "supabase";
  if (/\.up\.sql$/i.test(base) || base.toLowerCase() === "up.sql") return "up-down";
  return /^[VR].*__.*\.sql$/.test(base) ? "flyway" : "plain";
}

function goose(file: string, lines: readonly string[]): Outcome<MigrationSections> {
  const parts: { up: Open | null; down: Open | null } = { up: null, down: null };
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
  if (!parts.up) return misplaced(file, 0, "there is no -- +goose Up");
  return accept({
    tool: "goose",
    up: closed(file, parts.up),
    down: parts.down && closed(file, parts.down),
    transactional,
  });
}

function dbmate(file: string, lines: readonly string[]): Outcome<MigrationSections> {
  const parts: { up: Open | null; down: Open | null } = { up: null, down: null };
  let current: Open | null = null;
  let transactional = true;
  for (const [index, line] of lines.entries()) {
    const mark = DBMATE.exec(line);
    if (mark) {
      const side = mark[1]!.toLowerCase() as "up" | "down";
      if (parts[side]) return misplaced(file, index, `-- migrate:${side} stands twice`);
      if (/\btransaction:\s*false\b/i.test(mark[2]!)) transactional = false;
      current = { from: index + 1, lines: [] };
      parts[side] = current;
    } else current?.lines.push(line);
  }
  if (!parts.up) return misplaced(file, 0, "there is no -- migrate:up");
  return accept({
    tool: "dbmate",
    up: closed(file, parts.up),
    down: parts.down && closed(file, parts.down),
    transactional,
  });
}

interface Open {
  /** 0-based index of the first line. */
  readonly from: number;
  readonly lines: string[];
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
