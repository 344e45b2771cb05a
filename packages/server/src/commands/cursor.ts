import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";

/** A keyset cursor: where a page ended, opaque to whoever hands it back. */
export function cursorOf(key: string): string {
  return Buffer.from(`1:${key}`, "utf8").toString("base64url");
}

/** The key in a cursor; refuses with CURSOR_INVALID one that does not match the form such a list's keys have. */
export function readCursor(cursor: string | undefined, form: RegExp): Outcome<string | undefined> {
  if (cursor === undefined) return accept(undefined);
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  if (text.startsWith("1:") && form.test(text.slice(2))) return accept(text.slice(2));
  return refuse(
    "CURSOR_INVALID",
    "This cursor is not one that a list has given.",
    "Begin the list again without a cursor.",
    { place: { pointer: "/query/cursor" } },
  );
}

export const ID_KEY = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Makes a page of rows that were read one beyond the limit. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  key: (row: T) => string,
): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(key(last)) : null };
}
