import { open, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { ProblemError } from "@change-mgmt/api/client.ts";
import { sizeInWords } from "@change-mgmt/domain/change/attachment.ts";
import { checkOutside } from "@change-mgmt/domain/lifecycle/implementation/attachments.ts";
import type { Context } from "../context.ts";
import { unreadable } from "../files.ts";
import { refused, Stop } from "../stop.ts";
import type { Attachment } from "./change-types.ts";

/**
 * Attaches files to a change, one after the other, each told on stderr. All are looked at before the first is sent: one that cannot be
 * read or is too large stops the command with nothing done. With `again`, a file that is attached already is taken as it is there.
 */
export async function attachFiles(
  context: Context,
  id: string,
  paths: readonly string[],
  { again = false }: { readonly again?: boolean } = {},
): Promise<Attachment[]> {
  const { limits, items } = await context.client("changes.attachments", { params: { id } });
  for (const path of paths) await lookAt(context, path, limits.bytes);
  const attached: Attachment[] = [];
  for (const path of paths) {
    const name = basename(path);
    const body = await bytesOf(context, path);
    try {
      const one = await context.client("changes.attach", { params: { id }, query: { name }, body });
      context.say(`${name}: attached (${sizeInWords(one.size)})`);
      attached.push(one);
    } catch (error) {
      const there = again ? items.find((one) => one.id === alreadyThere(error)) : undefined;
      if (!there) throw error;
      context.say(`${name}: attached already`);
      attached.push(there);
    }
  }
  return attached;
}

function alreadyThere(error: unknown): unknown {
  return error instanceof ProblemError && error.problem.code === "ATTACHMENT_ALREADY"
    ? error.problem.details?.attachment
    : undefined;
}

/** Stops where a file cannot be read, is empty, or is larger than the limit. */
async function lookAt({ cwd }: Context, path: string, limit: number): Promise<void> {
  try {
    await using file = await open(resolve(cwd, path));
    // A folder opens, and has a size, but cannot be read.
    await file.read(Buffer.alloc(1), 0, 1, 0);
    const { size } = await file.stat();
    const possible = checkOutside(basename(path), size, limit);
    if (!possible.ok) throw refused(possible.refusal);
  } catch (error) {
    throw error instanceof Stop ? error : unreadable(path, error);
  }
}

async function bytesOf({ cwd }: Context, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(resolve(cwd, path)));
  } catch (error) {
    throw unreadable(path, error);
  }
}
