import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";

/** The Ed25519 key that seals are signed with. It lives in a file or in the environment, never in the database. */
export interface SigningKey {
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly id: string;
  /** Raw public key, 32 bytes in hex. */
  readonly publicKey: string;
  /** Signature of a text's UTF-8 bytes, in lower-case hex. */
  readonly sign: (text: string) => string;
}

/** The key of `CHANGE_MGMT_AUDIT_KEY` (32 bytes of seed in hex), else of the file, which is made at first use. Refusal: AUDIT_KEY_INVALID. */
export function signingKey(fromEnvironment: string | undefined, file: string): Outcome<SigningKey> {
  if (fromEnvironment !== undefined && fromEnvironment !== "")
    return fromSeed(fromEnvironment, "CHANGE_MGMT_AUDIT_KEY");
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    const { privateKey } = generateKeyPairSync("ed25519");
    const { d } = privateKey.export({ format: "jwk" });
    // Written before it gets its name, so that no other process of the same folder ever reads half a key.
    const draft = `${file}.${randomUUID()}`;
    writeFileSync(draft, `${Buffer.from(String(d), "base64url").toString("hex")}\n`, { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      // Another process of the same folder was first: its key is the one.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return fromSeed(readFileSync(file, "utf8").trim(), file);
}

/** Whether a signature (hex) of a text was made with the key of a raw public key (hex). */
export function verifySignature(publicKey: string, text: string, signature: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(publicKey)) return false;
  const key = createPublicKey({
    format: "jwk",
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey, "hex").toString("base64url") },
  });
  return verify(null, Buffer.from(text, "utf8"), key, Buffer.from(signature, "hex"));
}

function fromSeed(seed: string, origin: string): Outcome<SigningKey> {
  if (!/^[0-9a-f]{64}$/i.test(seed)) {
    return refuse(
      "AUDIT_KEY_INVALID",
      `${origin} does not hold an audit key.`,
      "It is 32 bytes in hex: 64 digits. `openssl rand -hex 32` makes one.",
    );
  }
  // PKCS #8 of an Ed25519 seed is this fixed prefix and the seed (RFC 8410).
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.from(seed, "hex")]);
  const key: KeyObject = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = Buffer.from(String(createPublicKey(key).export({ format: "jwk" }).x), "base64url").toString("hex");
  return accept({
    id: createHash("sha256").update(Buffer.from(publicKey, "hex")).digest("hex").slice(0, 16),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text, "utf8"), key).toString("hex"),
  });
}
