import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { readPublicKeys, verifyWithKey } from "../../audit/public-keys.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import { readNamedFile, unreadable } from "../../files.ts";
import { ago } from "../../output/times.ts";
import { Stop } from "../../stop.ts";

interface Input {
  readonly file: string;
  readonly checkpoint: string | undefined;
  readonly keys: readonly string[];
  readonly quick: boolean;
}

export const command = defineCommand<Input>({
  about:
    "Needs no server. Any altered, missing, swapped or added byte is found and its place named; a cut tail too, when the seal or a checkpoint saved earlier knew of it. Exit code 1 when the export is refused.",
  arguments: [{ name: "file", about: "the export (JSON Lines)" }],
  options: [
    { flags: "--checkpoint <file>", about: "a checkpoint saved earlier: the export must contain what was sealed then" },
    {
      flags: "--key <file>",
      about: "trusted Ed25519 public key (hex or PEM); without one signatures are not checked",
      repeatable: true,
    },
    {
      flags: "--quick",
      about:
        "leave what stands inside an entry to its hash, about a quarter faster; that an entry can be read in one way only is then not proven",
    },
  ],
  examples: [
    "change-mgmt audit verify audit.jsonl",
    "change-mgmt audit verify audit.jsonl --checkpoint=checkpoint.json --key=audit.pub --json",
  ],
  offline: true,
  parse: (given) => ({
    file: given.word("file"),
    checkpoint: given.text("checkpoint"),
    keys: given.list("key"),
    quick: given.flag("quick"),
  }),
  async run(context, { file, checkpoint, keys, quick }) {
    const { verifyBytes } = await import("@change-mgmt/domain/verify/verify-export.ts");
    const publicKeys = await readPublicKeys(context, keys);
    const verdict = await verifyBytes(pieces(context, file), {
      sha256: (bytes) => hash("sha256", bytes),
      thorough: !quick,
      ...(keys.length > 0 ? { publicKeys, verifySignature: verifyWithKey } : {}),
      ...(checkpoint === undefined ? {} : { checkpoint: await savedCheckpoint(context, checkpoint) }),
    });
    if (!verdict.ok) {
      const { code, message, hint, place } = verdict;
      throw new Stop(1, { code, detail: message, hint, place: { file, line: place.line }, details: { ...place } });
    }
    return answer(verdict, (clean, page) => [
      `${page.colours.green(page.signs.yes)} ${clean.count} entries, unbroken and whole`,
      ...(clean.firstTime ? [`  from ${clean.firstTime} to ${clean.lastTime}`] : []),
      `  sealed ${ago(clean.sealedAt, page.now)} with the key ${clean.keyId}, head ${clean.head}`,
      clean.signature === "valid"
        ? "  signature valid"
        : page.colours.yellow("  signature not checked: give the public key with --key"),
      clean.checkpoint === "held"
        ? "  contains everything the checkpoint knew"
        : page.colours.dim("  not held against a checkpoint: --checkpoint"),
    ]);
  },
});

async function* pieces(context: Context, file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(resolve(context.cwd, file), { highWaterMark: 1 << 20 })) yield piece;
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function savedCheckpoint(context: Context, file: string) {
  const { readCheckpoint } = await import("@change-mgmt/domain/verify/checkpoint.ts");
  const read = readCheckpoint(withoutOk(await readNamedFile(context, file)));
  if (read.ok) return read.value;
  const { message, ...refusal } = read.refusal;
  throw new Stop(1, { code: refusal.code, detail: message, hint: refusal.hint, place: { file } });
}

/** A checkpoint may also have been saved with --json, which says `ok` beside it. */
function withoutOk(text: string): string {
  try {
    const { ok, ...checkpoint } = JSON.parse(text);
    return ok === true ? JSON.stringify(checkpoint) : text;
  } catch {
    // Whoever reads the text next says what is wrong with it.
    return text;
  }
}
