import { createHash, randomBytes } from "node:crypto";

/** A new secret with 256 random bits; the prefix lets people and scanners see what it is. */
export function newSecret(prefix: "cm_token" | "cm_link" | "cm_session"): string {
  return `${prefix}_${randomBytes(32).toString("base64url")}`;
}

/** What is stored of a secret. Secrets have 256 random bits, so a plain hash cannot be guessed back. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
