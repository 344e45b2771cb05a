import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { RecordedScript, RecordingTask } from "@change-mgmt/analysis/check/recorded.ts";

const LIMIT_MS = 30_000;

/**
 * Runs migrations that are written in TypeScript or JavaScript through the repository's own installation and says which SQL they would send. The
 * process that runs them may not write files or start programs, sees nothing of the environment but where programs are, and is ended after
 * half a minute. No database is there: what a migration reads is empty.
 */
export async function recordScripts(task: RecordingTask): Promise<RecordedScript[]> {
  const found: RecordedScript[] = [];
  const flags = ["--permission", "--allow-fs-read=*", "--experimental-transform-types", "--no-warnings"];
  const words = [...flags, join(import.meta.dirname, "record-child.ts"), JSON.stringify(task)];
  const child = spawn(process.execPath, words, {
    cwd: dirname(task.files[0]!),
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let ended = "it ended before it was recorded";
  const timer = setTimeout(() => {
    ended = `it did not end within ${LIMIT_MS / 1000} s and was ended`;
    child.kill("SIGKILL");
  }, LIMIT_MS);
  const closed = new Promise<void>((resolve, reject) => {
    child.on("close", () => resolve());
    child.on("error", reject);
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  for await (const line of createInterface({ input: child.stdout })) found.push(JSON.parse(line) as RecordedScript);
  await closed;
  clearTimeout(timer);
  const said = /^(?:\w*Error.*)$/m.exec(complaint)?.[0];
  const missing = task.files.filter((file) => !found.some((script) => script.file === file));
  const why = said ? `${ended}: ${said}` : ended;
  return [...found, ...missing.map((file) => ({ file, up: { why }, down: null, transactional: true }))];
}
