import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SchemaModel, type SchemaObject, schemaModel } from "@change-mgmt/domain/schema/model.ts";
import type { MeasuredFacts, MigrationFacts } from "@change-mgmt/domain/schema/rules/facts.ts";
import { EXAMPLE_TABLES, type Example, type Rule } from "@change-mgmt/domain/schema/rules/rule.ts";
import { deltaOf, type ExampleKind, type KeptExample } from "@change-mgmt/domain/testing/rule-examples.ts";
import { introspect } from "../introspection/introspect.ts";
import { DEFAULT_MAJOR } from "../rehearsal/embedded-majors.ts";
import { embeddedSource } from "../rehearsal/embedded-source.ts";
import type { Engine } from "../rehearsal/engine.ts";
import { RelationProbe } from "../rehearsal/probe.ts";
import { runStatements } from "../rehearsal/run-statements.ts";
import { migrationFacts, statementFacts } from "../sql/rule-facts.ts";
import { splitStatements } from "../sql/statements.ts";

/** The examples of a rule, in the order in which they are kept. */
export function examplesOf(
  rule: Rule,
): { readonly kind: ExampleKind; readonly at: number; readonly example: Example }[] {
  return (["bad", "good", "harmless", "shown"] as const).flatMap((kind) =>
    (rule[kind] ?? []).map((example, at) => ({ kind, at, example })),
  );
}

/** The facts of an example as it is read; throws for one that is no SQL. */
export async function readExample({ sql, transactional, exposed, targetMajor }: Example): Promise<MigrationFacts> {
  const split = await splitStatements(sql);
  if (!split.ok) throw new Error(`${split.refusal.message} ${sql}`);
  return migrationFacts(statementFacts(sql, split.value), {
    transactional: transactional ?? true,
    exposed: exposed ?? false,
    targetMajor: targetMajor ?? null,
  });
}

/** A disposable database on which examples run one after the other, each from the same state. */
export class ExampleBench {
  readonly #engine: Engine;
  /** The schema that all examples start on, if nothing more is given. */
  #shared: SchemaModel["objects"] = {};

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  get shared(): SchemaModel["objects"] {
    return this.#shared;
  }

  static async open(): Promise<ExampleBench> {
    const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
    const source = await embeddedSource({
      major: DEFAULT_MAJOR,
      base: [],
      texts: [],
      cacheFolder,
      onStatement: () => {},
    });
    const engine = await source.open([]);
    await engine.run(`CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE app; CREATE SCHEMA auth;
      CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
      CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';`);
    const bench = new ExampleBench(engine);
    await bench.#reset();
    bench.#shared = (await bench.#model()).objects;
    return bench;
  }

  /** Runs an example as a deployment would and looks. */
  async run(
    rule: Rule,
    { sql, given, transactional, runs }: Example,
  ): Promise<Pick<KeptExample, "measured" | "before" | "after">> {
    if (runs === false) return { measured: [], before: null, after: null };
    const engine = this.#engine;
    await this.#reset();
    if (given !== undefined) await engine.run(given);
    const split = await splitStatements(sql);
    if (!split.ok) throw new Error(split.refusal.message);
    const before = rule.readsSchema ? await this.#model() : null;
    const measured: MeasuredFacts[] = [];
    const probe = await RelationProbe.watch(engine.query);
    const end = await runStatements(engine, probe, split.value, transactional ?? true, {
      before: () => {},
      after: ({ outcome, source, locks, rewrites, scans }) =>
        measured.push({ outcome, source, locks, rewrites, scans }),
    });
    await engine.resetSession();
    const after = rule.readsSchema && end.outcome === "ok" ? await this.#model() : null;
    const delta = (model: SchemaModel | null) => model && deltaOf(this.#shared, model.objects);
    return { measured, before: delta(before), after: delta(after) };
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  async #reset(): Promise<void> {
    const { rows } = await this.#engine.query(
      `select format('drop schema %I cascade', nspname) as sql from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'auth')
       union all select format('drop owned by %I; drop role %I', rolname, rolname) from pg_roles where oid >= 16384 and rolname not in ('anon', 'authenticated', 'app')
       union all select format('drop event trigger if exists %I', evtname) from pg_event_trigger
       union all select format('drop publication if exists %I', pubname) from pg_publication
       union all select format('drop extension if exists %I cascade', extname) from pg_extension where extname <> 'plpgsql'
       union all select 'drop owned by anon, authenticated, app'`,
    );
    for (const { sql } of rows) await this.#engine.run(String(sql));
    await this.#engine.run("create schema public; grant usage on schema public to public");
    await this.#engine.run(EXAMPLE_TABLES);
  }

  /** What the rules can ask of a schema; permissions and texts are left out. */
  async #model(): Promise<SchemaModel> {
    const { objects } = await introspect(this.#engine.query);
    const kept = Object.values(objects).filter(
      ({ kind, name }) => !LEFT_OUT.has(kind) && !/^(?:auth\.|function:)/.test(name),
    );
    return schemaModel("18", kept.map(withoutText));
  }
}

const LEFT_OUT: ReadonlySet<string> = new Set([
  "schema",
  "extension",
  "grant",
  "default_privileges",
  "function",
  "other",
]);

function withoutText(object: SchemaObject): SchemaObject {
  const fields = Object.entries(object.fields).filter(([, value]) => value !== null && value !== false);
  return { ...object, fields: Object.fromEntries(fields) };
}

/** The line that is kept of an example. */
export async function keptLine(bench: ExampleBench, rule: Rule, kind: ExampleKind, at: number): Promise<string> {
  const example = rule[kind]![at]!;
  try {
    const read = await readExample(example);
    const kept: KeptExample = { rule: rule.id, kind, at, read, ...(await bench.run(rule, example)) };
    return JSON.stringify(kept);
  } catch (error) {
    throw new Error(`${rule.id}, ${kind} example ${at}: ${(error as Error).message}`);
  }
}
