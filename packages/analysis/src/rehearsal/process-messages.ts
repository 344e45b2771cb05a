import type { MigrationDraft } from "./drafts.ts";
import type { EmbeddedMajor } from "./embedded-majors.ts";
import type { RehearsalRequest, StatementReport } from "./report.ts";

/** What a rehearsal's work runs on. */
export type TaskEngine =
  | { readonly kind: "embedded"; readonly major: EmbeddedMajor }
  | { readonly kind: "server"; readonly url: string; readonly prefix: string };

/** What the process is given to do, as one line of JSON on its standard input. */
export type RehearsalTask = Required<
  Pick<RehearsalRequest, "base" | "migrations" | "cacheFolder" | "seedRows" | "propose" | "keepState" | "passing">
> & { readonly engine: TaskEngine };

/** File descriptors of the process on which it tells messages and memory, a line each. */
export const MESSAGES_FD = 3;
export const MEMORY_FD = 4;

/** What the process is at; a `line` says that a user's statement runs and its time counts. */
export interface Doing {
  readonly migration: number | null;
  readonly direction: "base" | "up" | "down" | "between";
  readonly line: number | null;
  readonly what: string;
}

/** What the process tells, each as one line of JSON: enough that the report is complete up to the moment in which it is ended. */
export type ProcessMessage =
  /** The engine runs; `memory` is what the process takes by then, in bytes. */
  | { readonly type: "engine"; readonly postgres: string; readonly memory: number }
  | { readonly type: "doing"; readonly doing: Doing }
  | {
      readonly type: "statement";
      readonly migration: number;
      readonly direction: "up" | "down";
      readonly report: StatementReport;
    }
  | { readonly type: "restart"; readonly migration: number }
  | { readonly type: "draft"; readonly migration: number; readonly draft: Partial<MigrationDraft> }
  /** There is nothing to rehearse but the base, and that cannot be had; why, in a sentence. */
  | { readonly type: "unbuilt"; readonly reason: string }
  | { readonly type: "crashed"; readonly reason: string }
  | { readonly type: "done" };
