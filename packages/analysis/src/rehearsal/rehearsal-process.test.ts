import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import type { ProcessMessage, RehearsalTask } from "./process-messages.ts";
import { RehearsalProcess } from "./rehearsal-process.ts";
import { rehearse } from "./rehearse.ts";
import { runTask } from "./run-task.ts";
import { ENGINE_VERSION } from "./template.ts";

const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
const LIMITS = { statementMs: 60_000, totalMs: 120_000, memoryMb: 2048 };

function task(up: string): RehearsalTask {
  const migrations = [{ id: "m", name: "m.sql", up, down: null, transactional: true }];
  const engine = { kind: "embedded", major: 18 } as const;
  return {
    base: [],
    migrations,
    cacheFolder,
    seedRows: false,
    propose: false,
    keepState: false,
    passing: false,
    engine,
  };
}

/** Does a task, and says in which process it was done. */
async function pidOf(up: string, limits = LIMITS) {
  const next = RehearsalProcess.take();
  await next.giveBack();
  const end = await runTask(task(up), limits, undefined, () => {});
  return { pid: next.pid!, end };
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    expect(error).toMatchObject({ code: "ESRCH" });
    return false;
  }
}

test("does one task after the other in the same process, until one exceeds a limit", async () => {
  const first = await pidOf("create table a (x int)");
  // Nothing of the first is left: the table is not there.
  const second = await pidOf("create table a (x int)");
  const third = await pidOf("select pg_sleep(1000)", { ...LIMITS, statementMs: 300 });
  expect([first, second, third].map(({ end }) => end?.cause)).toEqual([undefined, undefined, "statement"]);
  expect(new Set([first.pid, second.pid, third.pid]).size).toBe(1);
  expect(lives(first.pid)).toBe(false);
  const fourth = await pidOf("create table a (x int)");
  expect(fourth.end).toBe(null);
  expect(fourth.pid).not.toBe(first.pid);
});

test("a process that is ended by somebody else makes the rehearsal inconclusive, and nothing more", async () => {
  const next = RehearsalProcess.take();
  await next.giveBack();
  const heard: ProcessMessage[] = [];
  const end = await runTask(task("select pg_sleep(1000)"), LIMITS, undefined, (message) => {
    heard.push(message);
    if (message.type === "doing" && message.doing.line !== null) process.kill(next.pid!, "SIGKILL");
  });
  expect(end).toEqual({ cause: "crash", reason: "the engine's process ended with SIGKILL" });
  expect(heard.map(({ type }) => type)).toContain("engine");
  expect((await pidOf("select 1")).end).toBe(null);
});

test("memory is that of the rehearsal alone: one that takes much does not end the one beside it", async () => {
  const much = "select length(string_agg(repeat('x', 1000000), '')), pg_sleep(20) from generate_series(1, 1000);";
  const limits = { ...LIMITS, memoryMb: 600 };
  const run = (up: string) => runTask(task(up), limits, undefined, () => {});
  const [greedy, modest] = await Promise.all([run(much), run("select pg_sleep(2)")]);
  expect([greedy?.cause, modest]).toEqual(["memory", null]);
});

test("an abort ends the process before it is said", async () => {
  const next = RehearsalProcess.take();
  await next.giveBack();
  const abort = new AbortController();
  const running = runTask(task("select pg_sleep(1000)"), LIMITS, abort.signal, (message) => {
    if (message.type === "doing" && message.doing.line !== null) abort.abort(new Error("nobody waits any more"));
  });
  await expect(running).rejects.toThrow("nobody waits any more");
  expect(lives(next.pid!)).toBe(false);
});

test("ends with the process that started it, though its statement does not", async () => {
  const script = join(import.meta.dirname, "testing/rehearse-for-ever.ts");
  const starter = spawn(process.execPath, ["--no-warnings", script, cacheFolder], { stdio: ["ignore", "pipe", 2] });
  const [pid] = await new Promise<string[]>((resolve, reject) => {
    createInterface({ input: starter.stdout! }).once("line", (line) => resolve([line]));
    starter.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
  });
  expect(lives(Number(pid))).toBe(true);
  starter.kill("SIGKILL");
  await expect.poll(() => lives(Number(pid)), { timeout: 30_000, interval: 20 }).toBe(false);
});

test("an engine that cannot start makes the migration not rehearsable, with the reason", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-cache-"));
  try {
    await writeFile(join(folder, `template-pglite-${ENGINE_VERSION}.tar`), "no dump");
    const migration = { id: "m", name: "m.sql", up: "select 1", down: "select 1", transactional: true };
    const { migrations } = await rehearse({ base: [], migrations: [migration], cacheFolder: folder });
    expect(migrations[0]!.rehearsal).toMatchObject({
      up: { outcome: "not-rehearsable", reason: expect.stringContaining("embedded engine") },
      down: { outcome: "not-rehearsable" },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
