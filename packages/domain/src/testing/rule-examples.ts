import type { SchemaModel, SchemaObject } from "../schema/model.ts";
import type { MeasuredFacts, MigrationFacts, StatementFacts } from "../schema/rules/facts.ts";

export type ExampleKind = "bad" | "good" | "harmless" | "shown";

type Objects = SchemaModel["objects"];

/** What a schema has besides the tables of all examples, and what it lacks of them. */
export interface SchemaDelta {
  readonly has: Objects;
  readonly lacks: readonly string[];
}

/** One line of the kept facts: an example of a rule, as it is read and what running it showed. */
export interface KeptExample {
  readonly rule: string;
  readonly kind: ExampleKind;
  readonly at: number;
  readonly read: MigrationFacts;
  readonly measured: readonly MeasuredFacts[];
  readonly before: SchemaDelta | null;
  readonly after: SchemaDelta | null;
}

/** What tells a schema from the one that all examples share. */
export function deltaOf(base: Objects, objects: Objects): SchemaDelta {
  const changed = Object.entries(objects).filter(
    ([key, object]) => JSON.stringify(base[key]) !== JSON.stringify(object),
  );
  return { has: Object.fromEntries(changed), lacks: Object.keys(base).filter((key) => objects[key] === undefined) };
}

/** The facts of the kept examples, as read and as run, from the text of their file. */
export function keptExamples(text: string): (KeptExample & { readonly run: MigrationFacts })[] {
  const [base, ...examples] = text.trimEnd().split("\n");
  const shared = JSON.parse(base!) as Record<string, SchemaObject>;
  const whole = (delta: SchemaDelta | null): SchemaModel | null => {
    if (delta === null) return null;
    const kept = Object.entries(shared).filter(([key]) => !delta.lacks.includes(key));
    return { serverVersion: "18", objects: { ...Object.fromEntries(kept), ...delta.has } };
  };
  return examples.map((line) => {
    const example = JSON.parse(line) as KeptExample;
    const { read, measured, before, after } = example;
    const statements = read.statements.map(
      (statement, at): StatementFacts => ({ ...statement, measured: measured[at] ?? null }),
    );
    return { ...example, run: { ...read, statements, before: whole(before), after: whole(after) } };
  });
}
