import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { readNamedFile } from "../files.ts";
import type { Io } from "../io.ts";
import { Stop } from "../stop.ts";

/** Trusted public keys by key id: raw hex, 64 digits. The id is the first 16 hex digits of the SHA-256 of the raw key. */
export async function readPublicKeys(io: Pick<Io, "cwd">, files: readonly string[]): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const file of files) {
    const raw = rawKey((await readNamedFile(io, file)).trim());
    if (raw === undefined)
      throw new Stop(2, {
        code: "KEY_INVALID",
        detail: `${file} holds no Ed25519 public key.`,
        hint: "It is 64 hex digits, or a PEM block that begins with BEGIN PUBLIC KEY.",
        place: { file },
      });
    keys[keyIdOf(raw.toString("hex"))] = raw.toString("hex");
  }
  return keys;
}

/** The id of a raw public key (hex). */
export function keyIdOf(publicKey: string): string {
  return createHash("sha256").update(Buffer.from(publicKey, "hex")).digest("hex").slice(0, 16);
}

/** Whether a signature (hex) of a text's UTF-8 bytes was made with a raw public key (hex). */
export function verifyWithKey(publicKey: string, statement: string, signature: string): boolean {
  const x = Buffer.from(publicKey, "hex").toString("base64url");
  const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
  return verify(null, Buffer.from(statement, "utf8"), key, Buffer.from(signature, "hex"));
}

function rawKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  // A private key would also yield its public half, but nobody should have to hand one over to verify.
  if (!text.includes("BEGIN PUBLIC KEY")) return undefined;
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch {
    // Not a key is one of the ways of not holding one; the caller says so.
    return undefined;
  }
  const { x } = key.export({ format: "jwk" });
  return key.asymmetricKeyType === "ed25519" && x ? Buffer.from(x, "base64url") : undefined;
}
