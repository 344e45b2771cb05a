import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { diffSchemas, type SchemaDifference } from "@change-mgmt/domain/schema/diff.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { introspect } from "../introspection/introspect.ts";
import type { Engine } from "../rehearsal/engine.ts";
import type { AlterationStep } from "./alteration.ts";
import { onDisposable } from "./disposable.ts";
import { quoted } from "./identifiers.ts";
import { majorOf } from "./major.ts";
import { planAlteration } from "./plan.ts";
import { rolesNamed } from "./roles-named.ts";

/** What applying the steps to a copy showed. */
export interface Verification {
  readonly outcome: "equal" | "column-order" | "differs" | "fails" | "not-verified";
  /** Why it is so, in a sentence; null when equal. */
  readonly reason: string | null;
  /** What still tells the copy from the target, the order of columns included. */
  readonly left: readonly SchemaDifference[];
}

/** What a verification starts from. */
export interface VerifiedSource {
  readonly model: SchemaModel;
  /** The texts that make it; without them it is made from the model. */
  readonly texts: readonly { readonly name: string; readonly sql: string }[] | null;
}

/** Applies the steps to a disposable copy of a schema and compares it, seen through `view`, with the target by catalog. What cannot be copied is said, never taken for fine. */
export async function verifyAlteration(
  from: VerifiedSource,
  to: SchemaModel,
  steps: readonly AlterationStep[],
  options: { readonly cacheFolder: string; readonly view?: (model: SchemaModel) => SchemaModel },
): Promise<Verification> {
  const { cacheFolder } = options;
  const base = { texts: from.texts ?? [], cacheFolder, major: majorOf(from.model.serverVersion) };
  const verified = await onDisposable<Verification>(base, async (engine) => {
    await makeRoles(engine, [from.model, to]);
    if (from.texts === null) {
      const copied = await copy(engine, from.model);
      if (!copied.ok) return copied;
    }
    const failed = await applySteps(engine, steps);
    if (failed !== null) return accept({ outcome: "fails" as const, reason: failed, left: [] });
    const reached = await introspect(engine.query);
    const left = diffSchemas(options.view ? options.view(reached) : reached, to);
    const real = left.filter(({ fields }) => !fields.includes("columnOrder"));
    if (real.length > 0)
      return accept({ outcome: "differs" as const, reason: "the copy is not what it should be", left });
    return accept(
      left.length > 0
        ? { outcome: "column-order" as const, reason: "columns stand in another order", left }
        : { outcome: "equal" as const, reason: null, left },
    );
  });
  return verified.ok ? verified.value : { outcome: "not-verified", reason: verified.refusal.message, left: [] };
}

/** Applies steps phase by phase, each in a transaction; the sentence of what failed, or null. */
export async function applySteps(
  engine: Pick<Engine, "run">,
  steps: readonly AlterationStep[],
): Promise<string | null> {
  for (const phase of new Set(steps.map((step) => step.phase))) {
    await engine.run("begin");
    for (const step of steps.filter((one) => one.phase === phase)) {
      try {
        await engine.run(step.sql);
      } catch (error) {
        await engine.run("rollback");
        return `${(error as Error).message}: ${step.sql}`;
      }
    }
    await engine.run("commit");
  }
  return null;
}

async function copy(engine: Engine, model: SchemaModel): Promise<Outcome<null>> {
  const hint = "Verify against files, or try the SQL on a copy of the database.";
  const { steps, obstacles } = planAlteration(await introspect(engine.query, { dependencies: true }), model);
  const [obstacle] = obstacles;
  if (obstacle)
    return refuse("SCHEMA_NOT_BUILT", `the schema cannot be copied: ${obstacle.object}: ${obstacle.reason}`, hint);
  const failed = await applySteps(engine, steps);
  return failed === null ? accept(null) : refuse("SCHEMA_NOT_BUILT", `the schema cannot be copied: ${failed}`, hint);
}

async function makeRoles(engine: Engine, models: readonly SchemaModel[]): Promise<void> {
  const { rows } = await engine.query("select rolname::text as name from pg_catalog.pg_roles");
  const known = new Set(rows.map((row) => String(row.name)));
  for (const name of rolesNamed(models)) if (!known.has(name)) await engine.run(`create role ${quoted(name)}`);
}
