import type { MigrationTool } from "../migration-tool.ts";
import type { SourceTree } from "./source-tree.ts";

/** One migration as its tool finds it; paths are relative to the root of the tree, with `/`. */
export interface HistoryEntry {
  /** The file with the way there. */
  readonly path: string;
  /** What people call it: the file's name, or the folder's where each migration has a folder. */
  readonly name: string;
  /** What the tool orders and records it by; null where it has none. */
  readonly version: string | null;
  /** The file with the way back; null where it is in the same file or absent. */
  readonly down: string | null;
  /** True for a migration written in a programming language. */
  readonly code: boolean;
  /** What a setting beside the file says of its transaction; null where only the file itself can say. */
  readonly transactional: boolean | null;
}

/** A file that lies among migrations and is none for the tool, and why. */
export interface LeftAside {
  readonly path: string;
  readonly why: string;
}

/** The migrations of one tool in one place, in the order in which the tool applies them. */
export interface MigrationHistory {
  readonly tool: MigrationTool;
  readonly folder: string;
  readonly entries: readonly HistoryEntry[];
  readonly aside: readonly LeftAside[];
  /** What is to be known of the whole, in sentences. */
  readonly notes: readonly string[];
  /** The other database it is for, in words; null for Postgres. */
  readonly foreign: string | null;
}

/** What a tool makes of a folder: its history, and the folders that belong to it besides the folder itself. */
export interface Recognized extends Pick<MigrationHistory, "entries"> {
  readonly aside?: readonly LeftAside[];
  readonly notes?: readonly string[];
  readonly foreign?: string | null;
  readonly claims?: readonly string[];
}

/** How one tool lays its migrations out. */
export interface Layout {
  readonly tool: MigrationTool;
  /** The tool's history in a folder, or null where the folder is none of its. */
  recognize(folder: string, tree: SourceTree): Promise<Recognized | null>;
}
