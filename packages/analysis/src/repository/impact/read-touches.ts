import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { readMigrationParts } from "../../sql/migration-parts.ts";
import { statementFacts } from "../../sql/rule-facts.ts";
import { type Touch, touchesOf } from "./touched.ts";

/** Reads what the way there of a migration touches. Refuses what readMigrationParts and its parser refuse, at their place. */
export async function readTouches(path: string, text: string): Promise<Outcome<Touch[]>> {
  const parts = await readMigrationParts({ path, text }, { ownTransactions: true });
  if (!parts.ok) return parts;
  const { section, read } = parts.value.up;
  if (!read.ok) return read;
  const facts = statementFacts(read.value.text, read.value.statements, section.line);
  const touches = facts.flatMap(({ actions, line }) => touchesOf(actions, line));
  // What the migration makes itself is used by nobody before it.
  const made = new Set(
    facts.flatMap(({ actions }) =>
      actions.flatMap((action) => (action.does === "create_table" ? [action.table.name] : [])),
    ),
  );
  return accept(touches.filter(({ table }) => !made.has(table)));
}
