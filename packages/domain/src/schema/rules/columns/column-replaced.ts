import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const columnReplaced = defineRule({
  id: "column-replaced",
  subject: "columns",
  severity: "warning",
  title: "A column is dropped and added again under the same name",
  why: "It looks like a change of type, but every value is lost, and code that runs in between meets no column or an empty one.",
  instead:
    "Add the new column under another name, fill it in batches, move readers over, and drop the old one in a later migration.",
  bad: [{ sql: "ALTER TABLE users DROP COLUMN age;\nALTER TABLE users ADD COLUMN age text" }],
  good: [{ sql: "ALTER TABLE users DROP COLUMN age;\nALTER TABLE users ADD COLUMN born date" }],
  on: {
    add_column: ({ table, column }, { migration, statement }) => {
      const gone = migration.statements.some(({ index, actions }) =>
        actions.some(
          (action) =>
            index <= statement.index &&
            action.does === "drop_column" &&
            action.column === column.name &&
            sameName(action.table, table),
        ),
      );
      if (!gone) return null;
      return {
        message: `${shown(table, column.name)} is dropped and made again: what was in it is lost`,
        place: column.place,
      };
    },
  },
});
