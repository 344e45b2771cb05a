import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const moveToSchema = defineRule({
  id: "move-to-schema",
  subject: "renaming",
  severity: "error",
  title: "An object moves to another schema",
  why: "Names that were qualified with the old schema, or found there by the search path, fail from this moment on.",
  instead:
    "Make sure that every reader qualifies it newly or has the new schema on its search path; leave a view with the old name until then.",
  silent: "The object comes into being in the same migration, or the migration makes a view with the old name.",
  bad: [{ given: "CREATE SCHEMA shop", sql: "ALTER TABLE orders SET SCHEMA shop" }],
  good: [
    {
      given: "CREATE SCHEMA shop",
      sql: "ALTER TABLE orders SET SCHEMA shop;\nCREATE VIEW public.orders AS SELECT id, total FROM shop.orders",
    },
  ],
  on: {
    set_schema: ({ object, name, to }, { migration, statement }) => {
      if (migration.isNew(name, statement) || migration.isMadeLater(name, statement)) return null;
      return {
        message: `The ${object} ${shown(name)} moves to schema ${to}: names with the old one fail`,
        breaking: true,
        objects: [full(name)],
      };
    },
  },
});
