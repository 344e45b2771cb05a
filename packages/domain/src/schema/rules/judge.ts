import type { Action, Does } from "./actions.ts";
import { RULES } from "./all.ts";
import { breakingChange } from "./destruction/breaking-change.ts";
import type { MigrationFacts, RuleFinding } from "./facts.ts";
import { asMigration, type Migration } from "./migration.ts";
import type { At, Found, Rule } from "./rule.ts";

/** A finding together with what it is about. */
export interface Judged extends RuleFinding {
  readonly objects: readonly string[];
}

type AnyJudge = (action: Action, at: At) => Found | readonly Found[] | null;

const BY_ACTION = byAction(RULES);

/** What the rules find in one direction of a migration, in the order of its statements. */
export function judgeMigration(facts: MigrationFacts): RuleFinding[] {
  return judgeWith(RULES, BY_ACTION, facts);
}

/** What one rule finds by itself. */
export function judgeByRule(rule: Rule, facts: MigrationFacts): RuleFinding[] {
  return judgeWith([rule], byAction([rule]), facts);
}

/** What some of the rules find. */
export function judgeByRules(rules: readonly Rule[], facts: MigrationFacts): RuleFinding[] {
  return judgeWith(rules, byAction(rules), facts);
}

function judgeWith(
  rules: readonly Rule[],
  judges: ReadonlyMap<Does, readonly (readonly [Rule, AnyJudge])[]>,
  facts: MigrationFacts,
): RuleFinding[] {
  const migration = asMigration(facts);
  const judged: Judged[] = [];
  for (const statement of facts.statements) {
    for (const action of statement.actions) {
      for (const [rule, judge] of judges.get(action.does) ?? []) {
        const answer = judge(action, { migration, statement });
        for (const found of Array.isArray(answer) ? answer : answer === null ? [] : [answer as Found]) {
          judged.push(finding(rule, { statement, ...found }));
        }
      }
    }
  }
  for (const rule of rules) for (const found of rule.whole?.(migration) ?? []) judged.push(finding(rule, found));
  return saidOnce(judged)
    .sort((a, b) => a.statement - b.statement || a.line - b.line)
    .map(({ objects: _, ...rest }) => rest);
}

/** What comparing the schemas shows is left out where a rule has said it of the same object, which is then known to be breaking. */
function saidOnce(judged: readonly Judged[]): Judged[] {
  const shown = judged.filter(({ rule }) => rule === breakingChange.id).flatMap(({ objects }) => objects);
  const own = judged.filter(({ rule }) => rule !== breakingChange.id);
  const said = new Set(own.flatMap(({ objects }) => objects));
  return judged.flatMap((one): Judged[] => {
    if (one.rule === breakingChange.id) return one.objects.some((object) => said.has(object)) ? [] : [one];
    return [{ ...one, breaking: one.breaking || one.objects.some((object) => shown.includes(object)) }];
  });
}

function finding(rule: Rule, found: Found & { readonly statement: Migration["statements"][number] }): Judged {
  const { statement, message, severity, breaking, hint, objects, place } = found;
  const { line, column } = place ?? statement;
  return {
    rule: rule.id,
    severity: severity ?? rule.severity,
    breaking: breaking ?? false,
    statement: statement.index,
    line,
    column,
    message,
    hint: hint ?? rule.instead,
    objects: objects ?? [],
  };
}

function byAction(rules: readonly Rule[]): ReadonlyMap<Does, readonly (readonly [Rule, AnyJudge])[]> {
  const judges = new Map<Does, (readonly [Rule, AnyJudge])[]>();
  for (const rule of rules) {
    for (const [does, judge] of Object.entries(rule.on)) {
      const list = judges.get(does as Does) ?? [];
      list.push([rule, judge as AnyJudge]);
      judges.set(does as Does, list);
    }
  }
  return judges;
}
