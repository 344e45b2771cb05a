import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Io, Sink } from "../io.ts";
import { run } from "../run.ts";

export const NOW = new Date("2026-11-21T12:00:00Z");

export interface LineOptions {
  readonly server?: string;
  readonly token?: string | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly columns?: number;
  /** Makes idempotency keys; left out, they are counted from one in each line, which a server that remembers them takes once. */
  readonly newKey?: () => string;
  /** Called at each pause; what it returns is awaited in place of time. */
  readonly onPause?: (interrupt: () => void) => void | Promise<void>;
}

export interface LineResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON document on stdout. */
  json(): Record<string, unknown>;
}

let root: string | undefined;

/** A folder of its own for one test, gone when the process ends. */
export function freshFolder(): string {
  if (root === undefined) {
    const made = mkdtempSync(join(tmpdir(), "change-mgmt-cli-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    root = made;
  }
  return mkdtempSync(join(root, "test-"));
}

/** Runs one line in this process against a server, with time, input and interrupts in the test's hands. */
export async function runLine(argv: readonly string[], options: LineOptions = {}): Promise<LineResult> {
  const { token = "secret-token", terminal = false } = options;
  const written = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof written): Sink => ({
    isTTY: terminal,
    columns: options.columns ?? 100,
    write(chunk, done) {
      written[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      done?.();
    },
  });
  const interrupt = new AbortController();
  let keys = 0;
  const folder = options.cwd ?? freshFolder();
  const io: Io = {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: (async function* () {
      if (options.stdin !== undefined) yield options.stdin;
    })(),
    env: {
      HOME: folder,
      LANG: "C.UTF-8",
      ...(options.server ? { CHANGE_MGMT_SERVER: options.server } : {}),
      ...(token === null ? {} : { CHANGE_MGMT_TOKEN: token }),
      ...options.env,
    },
    cwd: folder,
    now: () => NOW,
    newKey: options.newKey ?? (() => `key-${++keys}`),
    pause: async () => {
      await options.onPause?.(() => interrupt.abort());
    },
    interrupted: () => interrupt.signal,
  };
  const code = await run(argv, io);
  return { code, ...written, json: () => JSON.parse(written.stdout) };
}

/** Text without colours. */
export function bare(text: string): string {
  return stripVTControlCharacters(text);
}
