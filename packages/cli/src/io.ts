/** Where text goes; `isTTY` and `columns` as on process.stdout. */
export interface Sink {
  write(chunk: string | Uint8Array, done?: (error?: Error | null) => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Where typed or piped text comes from. */
export interface Source extends AsyncIterable<string | Uint8Array> {
  readonly isTTY?: boolean | undefined;
  setRawMode?(on: boolean): unknown;
}

/** The outside as a command sees it, so that commands run in tests without a process. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: Source;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  now(): Date;
  newKey(): string;
  /** Waits that many milliseconds, or less when the signal aborts. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Aborts when the person interrupts. Once asked for, the first interrupt no longer ends the process. */
  interrupted(): AbortSignal;
}

/** Writes and waits until the chunk was taken, so that a long stream does not pile up in memory. */
export function writeFully(sink: Sink, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
