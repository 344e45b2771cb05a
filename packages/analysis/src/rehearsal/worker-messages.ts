import type { MigrationDraft } from "./drafts.ts";
import type { EmbeddedMajor } from "./embedded-majors.ts";
import type { RehearsalRequest, StatementReport } from "./report.ts";

/** What the worker runs on. */
export type WorkerEngine =
  | { readonly kind: "embedded"; readonly major: EmbeddedMajor }
  | { readonly kind: "server"; readonly url: string; readonly prefix: string };

export type WorkerTask = Required<
  Pick<RehearsalRequest, "base" | "migrations" | "cacheFolder" | "seedRows" | "keepState">
> & { readonly engine: WorkerEngine };

/** What the worker is at; a `line` says that a user's statement runs and its time counts. */
export interface Doing {
  readonly migration: number | null;
  readonly direction: "base" | "up" | "down" | "between";
  readonly line: number | null;
  readonly what: string;
}

/** What the worker tells: enough that the report is complete up to the moment in which it is ended. */
export type WorkerMessage =
  | { readonly type: "engine"; readonly postgres: string }
  | { readonly type: "doing"; readonly doing: Doing }
  | {
      readonly type: "statement";
      readonly migration: number;
      readonly direction: "up" | "down";
      readonly report: StatementReport;
    }
  | { readonly type: "restart"; readonly migration: number }
  | { readonly type: "draft"; readonly migration: number; readonly draft: Partial<MigrationDraft> }
  | { readonly type: "crashed"; readonly reason: string }
  | { readonly type: "done" };
