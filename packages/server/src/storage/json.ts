import { type RawBuilder, sql } from "kysely";

/** What JSON can write and jsonb cannot hold: U+0000 and halves of surrogate pairs. An even run of backslashes before it is text. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** A value as a jsonb parameter; characters that no jsonb can hold become U+FFFD, so that what is to be recorded can be. */
export function json<T>(value: T): RawBuilder<T> {
  return sql<T>`cast(${JSON.stringify(value).replace(UNSTORABLE, "$1\ufffd")} as jsonb)`;
}
