import { expect, test } from "vitest";
import { withValues } from "./literal.ts";

test.each([
  ["insert into t values ($1, $2)", ["it's", null], "insert into t values ('it''s', NULL)"],
  ["select $1, $2, $3, $10", [1, true, 10n, 4, 5, 6, 7, 8, 9, 10], "select 1, TRUE, 10, 10"],
  ["select $1", ["a\\b"], "select E'a\\\\b'"],
  ["select $1", [new Date(0)], "select '1970-01-01T00:00:00.000Z'"],
  ["select $1", [Uint8Array.of(1, 255)], "select '\\x01ff'"],
  ["select $1, $2", [[1, 2], []], "select ARRAY[1, 2], '{}'"],
  ["select $1", [{ a: "x'y" }], `select '{"a":"x''y"}'`],
  ["select '$1', \"$1\", $q$ $1 $q$ -- $1\n, $1 /* $1 */", [7], "select '$1', \"$1\", $q$ $1 $q$ -- $1\n, 7 /* $1 */"],
  [
    "create function f() returns int as $$ select $1 $$ language sql",
    [],
    "create function f() returns int as $$ select $1 $$ language sql",
  ],
])("puts values into %s", (sql, values, expected) => {
  expect(withValues(sql, values)).toBe(expected);
});
