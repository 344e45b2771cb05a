import { full, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const permissionRevoked = defineRule({
  id: "permission-revoked",
  subject: "security",
  severity: "warning",
  title: "A permission is taken away",
  why: "Code that runs as the role is refused from this moment on.",
  instead: "Deploy code that no longer needs the permission first.",
  silent: "It is taken from PUBLIC, on what comes into being in the same migration, or granted again in it.",
  bad: [
    { given: "GRANT SELECT ON orders TO app", sql: "REVOKE SELECT ON orders FROM app" },
    { given: "GRANT ALL ON orders TO app", sql: "REVOKE ALL ON orders FROM app" },
  ],
  good: [
    { sql: "REVOKE ALL ON orders FROM PUBLIC" },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nREVOKE ALL ON draft FROM app" },
    { sql: "REVOKE ALL ON orders FROM app;\nGRANT SELECT ON orders TO app" },
  ],
  on: {
    revoke: ({ object, names, grantees, privileges }, { migration, statement }) => {
      const from = grantees.filter((role) => role !== "public");
      const old = names.filter((name) => object !== "table" || !migration.isNew(name, statement));
      const again = migration.statements.some(
        ({ index, actions }) =>
          index > statement.index &&
          actions.some(
            (action) =>
              action.does === "grant" &&
              action.object === object &&
              action.names.some((name) => names.some((own) => sameName(own, name))),
          ),
      );
      if (from.length === 0 || old.length === 0 || again) return null;
      const what = privileges.length === 0 ? "everything" : privileges.join(", ").toUpperCase();
      return {
        message: `${from.join(", ")} may no longer do ${what} on ${object} ${old.map((name) => shown(name)).join(", ")}`,
        breaking: true,
        objects: old.map((name) => full(name)),
      };
    },
  },
});
