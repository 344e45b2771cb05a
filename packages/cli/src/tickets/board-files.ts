import { execFile } from "node:child_process";
import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cannotRun } from "../stop.ts";

const run = promisify(execFile);
/** Nothing of a repository's own settings may start a program. */
const QUIET = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

/** Moves a file of a repository, for git too where git knows it. Whether anything lies where it goes is looked at first. */
export async function moveFile(root: string, from: string, to: string): Promise<void> {
  if (await isThere(join(root, to)))
    throw cannotRun("FILE_THERE", `${to} is there already.`, "Move one of the two away.", { place: { file: to } });
  await mkdir(dirname(join(root, to)), { recursive: true });
  if (await isTracked(root, from)) await run("git", [...QUIET, "mv", "--", from, to], { cwd: root });
  else await rename(join(root, from), join(root, to));
}

/** Writes a file that is not there yet. */
export async function writeNewFile(root: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text, { flag: "wx" });
}

async function isTracked(root: string, file: string): Promise<boolean> {
  try {
    await run("git", [...QUIET, "ls-files", "--error-unmatch", "--", file], { cwd: root });
    return true;
  } catch {
    // No git, no repository, or a file that it does not know: for each of these moving it is all there is to do.
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
