// Type-checks the whole tree: the pages under the settings of a browser, and the domain a second time under its own purer ones. Exits 1 with the errors, 0 without.
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const projects = ["tsconfig.json", "packages/domain/tsconfig.json", "packages/web/tsconfig.json"];

const results = await Promise.all(projects.map(check));
for (const { project, output, passed } of results) {
  if (output) process.stdout.write(output);
  process.stdout.write(`${passed ? "ok    " : "failed"} ${project}\n`);
}
process.exitCode = results.every((result) => result.passed) ? 0 : 1;

/** Runs the compiler on one project; beside its verdict it writes only what it will begin from the next time. */
function check(project: string): Promise<{ project: string; output: string; passed: boolean }> {
  const known = join(root, "node_modules/.cache/typecheck", `${project.replaceAll("/", "-")}.tsbuildinfo`);
  const incrementally = ["--noEmit", "--incremental", "--tsBuildInfoFile", known, "-p", project];
  const compiler = spawn(join(root, "node_modules/.bin/tsc"), incrementally, { cwd: root });
  const chunks: Buffer[] = [];
  compiler.stdout.on("data", (chunk) => chunks.push(chunk));
  compiler.stderr.on("data", (chunk) => chunks.push(chunk));
  return new Promise((done, fail) => {
    compiler.on("error", fail);
    compiler.on("close", (code) => done({ project, output: Buffer.concat(chunks).toString(), passed: code === 0 }));
  });
}
