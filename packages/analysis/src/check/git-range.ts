import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";

/** What a range does to a file, by its absolute path. */
export interface RangeChange {
  readonly change: "added" | "changed" | "renamed" | "removed";
  /** The path before, of a renamed file. */
  readonly from: string | null;
}

export type GitRange = ReadonlyMap<string, RangeChange>;

const run = promisify(execFile);
/** Nothing of a repository's own settings may start a program. */
const QUIET = ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "diff.external="];

/**
 * What the working tree has that the point where it left `ref` had not: committed, staged, unstaged and not yet tracked.
 * Refuses with GIT_UNAVAILABLE where there is no git or no repository, and GIT_REF_UNKNOWN where it does not know the ref or how it led here.
 */
export async function gitRange(folder: string, ref: string): Promise<Outcome<GitRange>> {
  const git = async (...words: string[]) =>
    (await run("git", [...QUIET, ...words], { cwd: folder, maxBuffer: 1 << 28 })).stdout;
  let top: string;
  try {
    top = await realpath((await git("rev-parse", "--show-toplevel")).trimEnd());
  } catch (error) {
    return refuse(
      "GIT_UNAVAILABLE",
      `git does not help here: ${said(error)}.`,
      "Run it in a git repository, or leave --base out.",
    );
  }
  let from: string;
  try {
    await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
    from = (await git("merge-base", "--", ref, "HEAD")).trim();
  } catch (error) {
    return refuse(
      "GIT_REF_UNKNOWN",
      `git cannot say where this branch left ${ref}: ${said(error)}.`,
      "Fetch it with its history first; in continuous integration check out with fetch-depth: 0.",
    );
  }
  const range = new Map<string, RangeChange>();
  const fields = (await git("diff", "--no-ext-diff", "--no-textconv", "--name-status", "-M", "-z", from, "--")).split(
    "\0",
  );
  for (let at = 0; at + 1 < fields.length; ) {
    const status = fields[at]!;
    const path = join(top, fields[at + 1]!);
    if (/^[RC]/.test(status)) {
      const to = join(top, fields[at + 2]!);
      range.set(to, status.startsWith("R") ? { change: "renamed", from: path } : { change: "added", from: null });
      at += 3;
    } else {
      range.set(path, { change: status === "A" ? "added" : status === "D" ? "removed" : "changed", from: null });
      at += 2;
    }
  }
  const untracked = await git("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", top);
  for (const path of untracked.split("\0"))
    if (path !== "") range.set(join(top, path), { change: "added", from: null });
  return accept(range);
}

function said(error: unknown): string {
  const { stderr, code, message } = error as { stderr?: string; code?: string | number; message: string };
  if (code === "ENOENT") return "it is not installed";
  return (stderr || `it answered with ${code ?? message}`)
    .trim()
    .split("\n")[0]!
    .replace(/^fatal: /, "");
}
