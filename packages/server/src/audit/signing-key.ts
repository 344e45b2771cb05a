import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { successionStatement } from "@change-mgmt/domain/audit/succession.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { keyFile, replaceKeyFile } from "../storage/key-file.ts";

/** The Ed25519 key that seals are signed with. It lives in a file or in the environment, never in the database. */
export interface SigningKey {
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly id: string;
  /** Raw public key, 32 bytes in hex. */
  readonly publicKey: string;
  /** Signature of a text's UTF-8 bytes, in lower-case hex. */
  readonly sign: (text: string) => string;
}

/** A key that one before it has named its successor, by signing a statement of that. */
export interface Succession {
  readonly id: string;
  readonly publicKey: string;
  /** Id of the key before it. */
  readonly endorsedBy: string;
  /** Its signature of `successionStatement`, in hex. */
  readonly endorsement: string;
}

/** The key that an installation signs with, which may be replaced while it works. */
export class InstalledKey implements SigningKey {
  #key: SigningKey;
  readonly #file: string | undefined;

  /** `file` is left out where the key comes from the environment. */
  constructor(key: SigningKey, file?: string) {
    this.#key = key;
    this.#file = file;
  }

  get id(): string {
    return this.#key.id;
  }

  get publicKey(): string {
    return this.#key.publicKey;
  }

  get sign(): SigningKey["sign"] {
    return this.#key.sign;
  }

  /**
   * Puts a new key into the file, and when `record` accepts, signs with it from then on; else the file holds the old key again. Refusals:
   * AUDIT_KEY_FIXED where the key comes from the environment, and those of `record`.
   */
  async rotate<T>(record: (succession: Succession) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const file = this.#file;
    if (file === undefined) {
      return refuse(
        "AUDIT_KEY_FIXED",
        "The audit key comes from CHANGE_MGMT_AUDIT_KEY, which only whoever starts the processes can change.",
        "Put the new key there and the old one into CHANGE_MGMT_AUDIT_KEY_BEFORE, and restart the processes one by one.",
      );
    }
    const before = readFileSync(file, "utf8");
    const seed = newSeed();
    const next = fromSeed(seed, file);
    if (!next.ok) return next;
    // In the file before it is in the trail: a crash in between leaves a key that the next start finds and records.
    replaceKeyFile(file, seed);
    let recorded: Outcome<T> | undefined;
    try {
      recorded = await record(succession(this.#key, next.value.publicKey, next.value.id));
    } finally {
      if (recorded?.ok) this.#key = next.value;
      else replaceKeyFile(file, before.trim());
    }
    return recorded;
  }
}

/** The key of `CHANGE_MGMT_AUDIT_KEY` (32 bytes of seed in hex), else of the file, which is made at first use. Refusal: AUDIT_KEY_INVALID. */
export function signingKey(fromEnvironment: string | undefined, file: string): Outcome<InstalledKey> {
  if (fromEnvironment !== undefined && fromEnvironment !== "") {
    const given = fromSeed(fromEnvironment, "CHANGE_MGMT_AUDIT_KEY");
    return given.ok ? accept(new InstalledKey(given.value)) : given;
  }
  const kept = fromSeed(keyFile(file, newSeed), file);
  return kept.ok ? accept(new InstalledKey(kept.value, file)) : kept;
}

/** Lets the key of `CHANGE_MGMT_AUDIT_KEY_BEFORE`, where one is given, name `key` its successor. Refusal: AUDIT_KEY_INVALID. */
export function endorsedBefore(before: string | undefined, key: SigningKey): Outcome<Succession | undefined> {
  if (before === undefined || before === "") return accept(undefined);
  const old = fromSeed(before, "CHANGE_MGMT_AUDIT_KEY_BEFORE");
  return old.ok ? accept(succession(old.value, key.publicKey, key.id)) : old;
}

function succession(before: SigningKey, publicKey: string, id: string): Succession {
  return { id, publicKey, endorsedBy: before.id, endorsement: before.sign(successionStatement(before.id, publicKey)) };
}

function newSeed(): string {
  const { d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return Buffer.from(String(d), "base64url").toString("hex");
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
