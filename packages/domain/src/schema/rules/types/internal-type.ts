import { onTypes } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const internalType = defineRule({
  id: "internal-type",
  subject: "types",
  severity: "warning",
  title: "A column of a type that is Postgres's own",
  why: 'name cuts off at 63 bytes, "char" holds one byte, oid and its kin point into a catalog that a dump does not carry along, and abstime of old is gone.',
  instead: "text for names, bigint or uuid for keys.",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN nick name" }, { sql: 'ALTER TABLE users ADD COLUMN flag "char"' }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN nick text" }],
  on: onTypes((type, column, table) =>
    /^(?:name|char|oid|xid|cid|tid|regclass|regproc|regtype|regprocedure|regrole)$/.test(type.name)
      ? {
          message: `${shown(table, column)} is of type ${type.name}, which is meant for Postgres's own catalog`,
          place: type.place,
        }
      : null,
  ),
});
