import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { FileContent } from "@change-mgmt/domain/lifecycle/implementation/attachment-type.ts";
import { fileTypeFromBuffer } from "file-type";
import type { ByteBody } from "../commands/handler.ts";

/** A file that has come in. One larger than the limit has its size and no bytes. */
export interface Upload {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly sha256: string;
}

/** How far beyond the limit bytes are read and thrown away, so that their sender hears why. */
const PATIENCE = 4;
const TEXT_READ = 4096;

/** Room for what comes in at once, so that many large files do not fill the memory. */
export class UploadRoom {
  readonly #most: number;
  #held = 0;

  /** `most` in bytes. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Receives a file of at most `limit` bytes and hands it to `use`, after which it is let go. Refusal: UPLOADS_BUSY. */
  async receive<T>(body: ByteBody, limit: number, use: (upload: Upload) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const claimed = Math.min(body.length ?? limit, limit);
    if (this.#held > 0 && this.#held + claimed > this.#most) {
      return refuse("UPLOADS_BUSY", "Too many files are coming in at this moment.", "Try again in a few seconds.");
    }
    this.#held += claimed;
    try {
      return await use(await readUpload(body, limit));
    } finally {
      this.#held -= claimed;
    }
  }
}

/** Reads a file into memory, at most `limit` bytes of it. */
async function readUpload(body: ByteBody, limit: number): Promise<Upload> {
  const hash = createHash("sha256");
  let parts: Uint8Array[] = [];
  let size = 0;
  if (body.length !== undefined && body.length > limit * PATIENCE) {
    return { bytes: new Uint8Array(), size: body.length, sha256: hash.digest("hex") };
  }
  for await (const piece of body.pieces) {
    size += piece.length;
    hash.update(piece);
    if (size <= limit) parts.push(piece);
    else parts = [];
    if (size > limit * PATIENCE) break;
  }
  return { bytes: Buffer.concat(parts), size, sha256: hash.digest("hex") };
}

/** What the bytes of a file give away about it. */
export async function lookInto(bytes: Uint8Array): Promise<FileContent> {
  const found = await fileTypeFromBuffer(bytes);
  const isText = isUtf8(bytes) && !bytes.includes(0);
  return {
    detected: found?.mime ?? null,
    text: isText ? new TextDecoder().decode(bytes.subarray(0, TEXT_READ)) : null,
  };
}

/** The limit of one file in bytes, from CHANGE_MGMT_ATTACHMENT_BYTES; 10 MB when it is not set. Refusal: SETTING_INVALID. */
export function attachmentBytes(env: Readonly<Record<string, string | undefined>>): Outcome<number> {
  const text = env.CHANGE_MGMT_ATTACHMENT_BYTES;
  if (text === undefined || text === "") return accept(10_000_000);
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MOST_BYTES) return accept(number);
  return refuse(
    "SETTING_INVALID",
    `CHANGE_MGMT_ATTACHMENT_BYTES is not a whole number from 1 to ${MOST_BYTES}.`,
    "Correct it, or leave it out.",
    { details: { setting: "CHANGE_MGMT_ATTACHMENT_BYTES" } },
  );
}

const MOST_BYTES = 100_000_000;
