import type { MeasuredFacts, MigrationFacts, StatementFacts } from "@change-mgmt/domain/schema/rules/facts.ts";
import { actionsOf } from "./facts/actions.ts";
import { longNames } from "./facts/long-names.ts";
import { CodePointPlaces } from "./facts/places.ts";
import type { Statement } from "./statements.ts";

/** What is known around the statements; what is left out is not known. */
export type AroundFacts = Partial<Omit<MigrationFacts, "statements">>;

/** What the rules of judgement look at in the statements of `sql`, whose first line is `firstLine` of its file; nothing measured yet. */
export function statementFacts(sql: string, statements: readonly Statement[], firstLine = 1): StatementFacts[] {
  const places = new CodePointPlaces(sql.replace(/^\uFEFF/, " "), firstLine);
  return statements.map(({ index, kind, text, transactional, node, start }) => ({
    index,
    kind,
    text,
    ...places.ofIndex(start),
    transactional,
    actions: actionsOf(node, places),
    longNames: longNames(text),
    measured: null,
  }));
}

/** Statements with what running them showed, in order; those that were not reached keep null. */
export function withMeasured(
  statements: readonly StatementFacts[],
  measured: readonly MeasuredFacts[],
): StatementFacts[] {
  return statements.map((statement, at) => {
    const facts = measured[at];
    if (facts === undefined) return statement;
    const { outcome, source, locks, rewrites, scans } = facts;
    return { ...statement, measured: { outcome, source, locks, rewrites, scans } };
  });
}

/** Everything that the rules get for one direction of a migration. */
export function migrationFacts(statements: readonly StatementFacts[], around: AroundFacts = {}): MigrationFacts {
  return { statements, transactional: true, exposed: false, targetMajor: null, before: null, after: null, ...around };
}
