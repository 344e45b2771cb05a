import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { RenameProposal } from "../alteration/alteration.ts";
import { sqlName } from "../alteration/identifiers.ts";
import { changeGrant } from "../alteration/statements/permissions.ts";
import type { Ground } from "./ground.ts";
import type { Transition } from "./transition.ts";

/** A table under two names at once: a view under the new name, through which rows are read and written as whoever asks. */
export function renameTable({ before }: Ground, { from, to }: RenameProposal): Transition {
  const [old, view] = [sqlName(from), sqlName(to)];
  const grants = Object.values(before.objects)
    .filter(({ kind, of }) => kind === "grant" && of === `table:${from}`)
    .flatMap((grant) => changeGrant(undefined, onView(grant, to)))
    .map(({ sql }) => sql.replace(/;$/, ""));
  return {
    breaks: `${from} is renamed to ${to}: whatever uses the old name fails`,
    expand: [`CREATE VIEW ${view} WITH (security_invoker = true) AS SELECT * FROM ${old}`, ...grants],
    code: [`Deploy code that uses ${to} and no longer names ${from}.`],
    clear: [`DROP VIEW ${view}`],
    beside: [
      `Code that uses ${from} and code that uses ${to} may run beside each other for as long as you like. Until the end ${to} is a view: rows are read and written through it, but TRUNCATE, COPY into it and foreign keys need ${from}.`,
    ],
  };
}

function onView(grant: SchemaObject, view: string): SchemaObject {
  return { ...grant, fields: { ...grant.fields, on: `table ${view}` } };
}
