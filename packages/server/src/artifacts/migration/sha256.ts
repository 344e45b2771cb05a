import { hash } from "node:crypto";

/** Hex SHA-256 of a text. */
export function sha256(text: string): string {
  return hash("sha256", text);
}
