import { Worker } from "node:worker_threads";

/** A range of a text: 1-based lines and columns in UTF-16 units, as editors count; the end is the place after the last character. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One statement, with what can be told of it without running it. */
export interface ExaminedStatement {
  readonly span: Span;
  readonly text: string;
  readonly kind: string;
  readonly transactional: boolean;
  readonly controlsTransaction: boolean;
  /** Names of the relations it speaks of, without their schema. */
  readonly relations: readonly string[];
}

/** Why a text cannot be read as SQL; `span` is where the reader stopped. */
export interface Unreadable {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly span: Span | null;
}

/** What is known of one text: its statements, or why it has none. */
export type ExaminedText =
  | { readonly ok: true; readonly statements: readonly ExaminedStatement[] }
  | { readonly ok: false; readonly problem: Unreadable };

/** The texts took longer to read than they may. */
export class ExaminationTooLong extends Error {}

const DEFAULT_LIMIT_MS = 10_000;

/**
 * Reads SQL texts with Postgres's own parser in a thread of its own, so that no text can hold up or break the one that asks.
 * Runs nothing. Throws ExaminationTooLong past `limitMs`, and the reason of `signal` when that is aborted.
 */
export async function examineTexts(
  texts: readonly string[],
  { signal, limitMs = DEFAULT_LIMIT_MS }: { readonly signal?: AbortSignal; readonly limitMs?: number } = {},
): Promise<ExaminedText[]> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./examine-worker.ts", import.meta.url), { workerData: texts, execArgv: [] });
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  try {
    return await new Promise<ExaminedText[]>((resolve, reject) => {
      timer = setTimeout(() => reject(new ExaminationTooLong(`reading took longer than ${limitMs} ms`)), limitMs);
      onAbort = () => reject(signal!.reason);
      signal?.addEventListener("abort", onAbort);
      worker.on("message", resolve);
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`the reader of SQL ended with code ${code}`)));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    worker.removeAllListeners();
    await worker.terminate();
  }
}
