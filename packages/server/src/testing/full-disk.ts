import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";

/**
 * Runs a call in a process that may not write a byte into any file, as on a full disk; answers the message it rejects with, or "done".
 * `call` is an expression that takes what the module of `path` exports as `module`.
 */
export function onFullDisk(path: string, call: string): string {
  const script = `const module = await import(${JSON.stringify(pathToFileURL(path).href)});
    try { await (${call}); console.log("done"); } catch (error) { console.log(error.message); }`;
  const child = spawnSync(
    "sh",
    ["-c", 'ulimit -f 0; exec "$0" "$@"', process.execPath, "--input-type=module", "-e", script],
    {
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  return child.stdout.trim();
}
