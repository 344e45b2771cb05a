import type { MigrationTool } from "../sql/migration-tool.ts";

/** What a migration written in a programming language said to its database in one direction, or why that is not known. */
export type RecordedPart = { readonly sql: readonly string[] } | { readonly why: string };

/** What one such migration said; `down` is null where it has no way back. */
export interface RecordedScript {
  /** Its absolute path. */
  readonly file: string;
  readonly up: RecordedPart;
  readonly down: RecordedPart | null;
  /** False where the migration says that it wants no transaction. */
  readonly transactional: boolean;
}

/** What is asked of whoever runs such migrations: those of one tool, by absolute path. */
export interface RecordingTask {
  readonly tool: MigrationTool;
  readonly files: readonly string[];
}

/** Runs such migrations where their code is, which only the command line is allowed to. */
export type ScriptRecorder = (task: RecordingTask) => Promise<RecordedScript[]>;
