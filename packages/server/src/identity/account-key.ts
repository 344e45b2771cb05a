import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { keyFile } from "../storage/key-file.ts";

/** Encrypts what has to be read again, such as the secret of a second factor. It lives in a file or in the environment, never in the database. */
export interface AccountKey {
  /** `owner` is bound in: what was sealed for one person opens for nobody else. */
  readonly seal: (text: string, owner: string) => string;
  /** Undefined when it was sealed with another key or for another owner, or was altered. */
  readonly open: (sealed: string, owner: string) => string | undefined;
  /** What is sealed with the further key, sealed with this one; undefined where nothing is to be done or can be. */
  readonly reseal: (sealed: string, owner: string) => string | undefined;
}

/**
 * The key of `CHANGE_MGMT_ACCOUNT_KEY` (32 bytes in hex), else of the file, which is made at first use. What was sealed with `also`
 * (`CHANGE_MGMT_ACCOUNT_KEY_ALSO`), a key that is being replaced or comes next, opens as well. Refusal: ACCOUNT_KEY_INVALID.
 */
export function accountKey(
  fromEnvironment: string | undefined,
  file: string,
  also?: string | undefined,
): Outcome<AccountKey> {
  const main = mainKey(fromEnvironment, file);
  if (!main.ok || also === undefined || also === "") return main;
  const other = keyOf(also, "CHANGE_MGMT_ACCOUNT_KEY_ALSO");
  if (!other.ok) return other;
  const { seal, open } = main.value;
  return accept({
    seal,
    open: (sealed, owner) => open(sealed, owner) ?? other.value.open(sealed, owner),
    reseal(sealed, owner) {
      if (open(sealed, owner) !== undefined) return undefined;
      const text = other.value.open(sealed, owner);
      return text === undefined ? undefined : seal(text, owner);
    },
  });
}

function mainKey(fromEnvironment: string | undefined, file: string): Outcome<AccountKey> {
  if (fromEnvironment !== undefined && fromEnvironment !== "") return keyOf(fromEnvironment, "CHANGE_MGMT_ACCOUNT_KEY");
  return keyOf(
    keyFile(file, () => randomBytes(32).toString("hex")),
    file,
  );
}

function keyOf(hex: string, origin: string): Outcome<AccountKey> {
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    return refuse(
      "ACCOUNT_KEY_INVALID",
      `${origin} does not hold an account key.`,
      "It is 32 bytes in hex: 64 digits. `openssl rand -hex 32` makes one.",
    );
  }
  const key = Buffer.from(hex, "hex");
  return accept({
    seal: (text, owner) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(owner, "utf8"));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return `1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed.replace(/^1\./, ""), "base64url");
      if (bytes.length < 28) return undefined;
      const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(Buffer.from(owner, "utf8"))
        .setAuthTag(bytes.subarray(12, 28));
      try {
        return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString("utf8");
      } catch {
        // Another key or an altered text fails its tag; whoever asks says so.
        return undefined;
      }
    },
    reseal: () => undefined,
  });
}
