import { RULES } from "./all.ts";
import type { MigrationFacts, RuleFinding } from "./facts.ts";
import { judgeByRules } from "./judge.ts";

/** What holds others up, or is left half done, holds them up on the way back as well. */
const WHOLE_SUBJECTS: ReadonlySet<string> = new Set(["locking", "transactions"]);
/** A way back takes away what the way there made, by its nature; of these it is asked all the same. */
const SINGLE_RULES: ReadonlySet<string> = new Set([
  ...["create-index-not-concurrently", "drop-index-not-concurrently", "reindex-not-concurrently"],
  ...["concurrent-index-left-invalid", "concurrently-on-partitioned", "add-exclusion-constraint"],
  ...["add-primary-key", "add-unique-constraint", "change-column-type", "not-null-without-default"],
  ...["volatile-default", "serial-column-added", "generated-column-added", "domain-constraint-validated"],
  ...["enum-value-in-transaction", "enum-value-used-at-once", "drop-cascade", "drop-owned", "drop-database"],
  ...["delete-without-where", "password-in-sql", "catalog-write", "copy-with-server", "server-setting"],
]);
/** Said of the way there already, and no more urgent here. */
const LEFT_OUT: ReadonlySet<string> = new Set(["missing-lock-timeout"]);

const ASKED = RULES.filter(
  ({ id, subject }) => (WHOLE_SUBJECTS.has(subject) || SINGLE_RULES.has(id)) && !LEFT_OUT.has(id),
);

/**
 * What the rules find in the way back of a migration: those that make sense where something is taken back on purpose. Nothing is
 * breaking there, and no finding weighs more than a warning, since what is deployed is the way there.
 */
export function judgeWayBack(facts: MigrationFacts): RuleFinding[] {
  return judgeByRules(ASKED, facts).map((finding) => ({
    ...finding,
    breaking: false,
    severity: finding.severity === "error" ? "warning" : finding.severity,
  }));
}
