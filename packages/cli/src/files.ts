import { createWriteStream } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Io } from "./io.ts";
import { cannotRun } from "./stop.ts";

/** The text of a file named on the command line, relative to the working folder; stops with FILE_UNREADABLE. */
export async function readNamedFile(io: Pick<Io, "cwd">, name: string): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, name), "utf8");
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** The refusal for a file that cannot be read. */
export function unreadable(name: string, error: unknown) {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : message;
  return cannotRun("FILE_UNREADABLE", `${name} cannot be read: ${why}.`, "Check the path and who may read it.");
}

/** Writes a stream to a file that appears under its name only when it is whole and on disk. Answers with its length in bytes. */
export async function writeWhole(
  io: Pick<Io, "cwd">,
  name: string,
  pieces: AsyncIterable<Uint8Array>,
  mode = 0o600,
): Promise<number> {
  const target = resolve(io.cwd, name);
  const partial = join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  let bytes = 0;
  async function* counted() {
    for await (const piece of pieces) {
      bytes += piece.length;
      yield piece;
    }
  }
  try {
    await pipeline(Readable.from(counted()), createWriteStream(partial, { mode, flush: true }));
    await rename(partial, target);
    const folder = await open(dirname(target));
    await folder.sync().finally(() => folder.close());
    return bytes;
  } catch (error) {
    await rm(partial, { force: true });
    throw cannotRun(
      "FILE_NOT_WRITTEN",
      `${name} was not written: ${(error as Error).message}.`,
      "Nothing was left behind; try again.",
    );
  }
}

/** The bytes of a streamed answer. */
export async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  for await (const piece of response.body) yield piece;
}

/** A short text as the pieces that writeWhole takes. */
export async function* onePiece(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
