import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";
import { notImmutable } from "../volatility.ts";

export const indexNotImmutable = defineRule({
  id: "index-not-immutable",
  subject: "indexes",
  severity: "error",
  title: "An index over something that changes by itself",
  why: "Functions in an index, its condition or a generated column have to be immutable; Postgres refuses now(), random() and their kin, and one hidden in a function marked IMMUTABLE makes an index that lies.",
  instead: "Index the column itself, and compare with now() in the query.",
  bad: [
    { sql: "CREATE INDEX users_recent ON users (email) WHERE created_at > now()" },
    { sql: "CREATE INDEX users_today ON users ((created_at > current_timestamp))" },
  ],
  good: [
    { sql: "CREATE INDEX users_created ON users (created_at)" },
    { sql: "CREATE INDEX users_lower ON users (lower(email)) WHERE age > 18" },
  ],
  on: {
    create_index: ({ table, keys, where }) => {
      const call = [where, ...keys.map(({ expression }) => expression)]
        .map((each) => (each === null ? null : notImmutable(each)))
        .find((each) => each !== null);
      return call === undefined
        ? null
        : { message: `An index of ${shown(table)} calls ${call}(), which is not immutable: Postgres refuses it` };
    },
  },
});
