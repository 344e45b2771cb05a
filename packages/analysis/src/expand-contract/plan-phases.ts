import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { compareSchemas, diffSchemas } from "@change-mgmt/domain/schema/diff.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import type { Obstacle } from "../alteration/alteration.ts";
import { onDisposable } from "../alteration/disposable.ts";
import { planAlteration } from "../alteration/plan.ts";
import { notBroughtBack, proposeDown } from "../alteration/propose-down.ts";
import { introspect } from "../introspection/introspect.ts";
import type { Engine } from "../rehearsal/engine.ts";
import type { BaseFile } from "../rehearsal/report.ts";
import { type Statement, splitStatements } from "../sql/statements.ts";
import { type Evidence, readEvidence } from "./evidence.ts";
import { inStepTriggers } from "./in-step.ts";
import { middleOf } from "./middle.ts";
import type { PhasedPlan, PhaseMigration, PhaseName } from "./phased-plan.ts";
import type { Transition } from "./transition.ts";
import { findWays } from "./transitions.ts";

/** A migration to be done in phases, and what comes before it. */
export interface PhasedPlanRequest {
  readonly base: readonly BaseFile[];
  readonly name: string;
  readonly up: string;
  /** False for a file whose statements run alone. */
  readonly transactional: boolean;
  readonly cacheFolder: string;
  /** The target's major version, or null for the usual. */
  readonly major: number | null;
}

/**
 * Plans a breaking change as expand, backfill and contract: migrations between which code is deployed, found by running each on a disposable
 * Postgres. The last leads to the schema that the change itself gives, compared by catalog; where it does not, or where there is no way,
 * obstacles name the object. Refuses with SCHEMA_NOT_BUILT when the state before cannot be made or the migration does not run on it.
 */
export async function planPhases(request: PhasedPlanRequest): Promise<Outcome<PhasedPlan>> {
  const split = await splitStatements(request.up);
  if (!split.ok) return split;
  const disposable = { texts: request.base, cacheFolder: request.cacheFolder, major: request.major };
  const looked = await onDisposable(disposable, (engine) => lookAt(engine, request, split.value));
  if (!looked.ok) return looked;
  const { before, target, evidence } = looked.value;
  const { model: middle, breaks, obstacles } = middleOf(before, target);
  const ways = findWays({ before, target, middle, evidence }, breaks);
  const said = [...evidence.renames.map(() => ""), ...ways.ways.map((way) => way.breaks)];
  const nothing = { migrations: [], codeAfterwards: [], reaches: null };
  const found = { breaks: unique(said), obstacles: [...obstacles, ...ways.obstacles] };
  if (found.breaks.length === 0 || found.obstacles.length > 0) return accept({ ...nothing, ...found });
  return onDisposable(disposable, async (engine) => {
    const built = await new PhaseBuilder(engine, looked.value, middle, ways.ways).build();
    return accept({ ...nothing, ...found, ...built });
  });
}

/** A migration as it was run: the schema before it, the one that it gives by the old names and by its own. */
interface Looked {
  readonly before: SchemaModel;
  readonly target: SchemaModel;
  readonly after: SchemaModel;
  readonly evidence: Evidence;
}

async function lookAt(
  engine: Engine,
  { name, transactional }: PhasedPlanRequest,
  statements: readonly Statement[],
): Promise<Outcome<Looked>> {
  const before = await introspect(engine.query, { dependencies: true });
  try {
    await runAll(
      engine,
      statements.map(({ text }) => text),
      transactional,
    );
  } catch (error) {
    const message = `${name} does not run: ${(error as Error).message}.`;
    return refuse("SCHEMA_NOT_BUILT", message, "Correct the statement that check names.");
  }
  await engine.resetSession();
  const after = await introspect(engine.query, { dependencies: true });
  const evidence = readEvidence(statements, before, after);
  await runAll(engine, evidence.renameBack, true);
  return accept({ before, after, evidence, target: await introspect(engine.query, { dependencies: true }) });
}

async function runAll(engine: Engine, statements: readonly string[], transactional: boolean): Promise<void> {
  if (statements.length === 0) return;
  if (transactional) await engine.run("begin");
  try {
    for (const statement of statements) await engine.run(statement);
    if (transactional) await engine.run("commit");
  } catch (error) {
    await engine.run("rollback");
    throw error;
  }
}

/** A statement of a plan that the database refused; what it says becomes an obstacle. */
class DoesNotRun extends Error {
  readonly phase: PhaseName;

  constructor(phase: PhaseName, message: string) {
    super(message);
    this.phase = phase;
  }
}

const SAYS_OLD_IS_GONE = "See that nothing of the old code runs any more.";

/** Builds the migrations one after the other on an engine that holds the schema before them. */
class PhaseBuilder {
  readonly #engine: Engine;
  readonly #looked: Looked;
  readonly #middle: SchemaModel;
  readonly #ways: readonly Transition[];
  readonly #obstacles: Obstacle[] = [];
  readonly #migrations: PhaseMigration[] = [];
  #state: SchemaModel;

  constructor(engine: Engine, looked: Looked, middle: SchemaModel, ways: readonly Transition[]) {
    this.#engine = engine;
    this.#looked = looked;
    this.#middle = middle;
    this.#ways = ways;
    this.#state = looked.before;
  }

  async build(): Promise<Partial<PhasedPlan>> {
    try {
      const reaches = await this.#phases();
      if (this.#obstacles.length > 0) return { obstacles: this.#obstacles };
      const codeAfterwards = this.#all((way) => way.afterwards);
      return { migrations: this.#withCode(), reaches, codeAfterwards };
    } catch (error) {
      if (!(error instanceof DoesNotRun)) throw error;
      const reason = `the ${error.phase} migration does not run: ${error.message}`;
      return { obstacles: [...this.#obstacles, { kind: "other", object: error.phase, reason }] };
    }
  }

  async #phases(): Promise<PhasedPlan["reaches"]> {
    const { before, target } = this.#looked;
    const taken = (name: string) => [before, target].some((model) => model.objects[`function:${name}()`] !== undefined);
    const triggers = inStepTriggers(
      this.#ways.flatMap((way) => way.rowRules ?? []),
      taken,
    );
    const planned = this.#planned(before, this.#middle);
    for (const step of planned.slice(0, -1)) await this.#add("expand", step);
    await this.#add("expand", [...(planned.at(-1) ?? []), ...this.#all((way) => way.expand), ...triggers.make]);
    await this.#add(
      "backfill",
      this.#all((way) => way.backfill),
    );
    await this.#add(
      "enforce",
      this.#all((way) => way.enforce),
    );
    await this.#add(
      "convert",
      this.#all((way) => way.convert),
    );
    await this.#add(
      "validate",
      this.#all((way) => way.validate),
    );
    await this.#add(
      "index",
      this.#all((way) => way.index),
    );
    return this.#contract(triggers.drop);
  }

  #all(of: (way: Transition) => readonly string[] | undefined): string[] {
    return unique(this.#ways.flatMap((way) => of(way) ?? []));
  }

  /** The statements from one schema to another, one list for what is to be committed together. */
  #planned(from: SchemaModel, to: SchemaModel): string[][] {
    const { steps, obstacles } = planAlteration(from, to);
    this.#obstacles.push(...obstacles);
    const phases = [...new Set(steps.map(({ phase }) => phase))];
    return phases.map((phase) => steps.filter((step) => step.phase === phase).map(({ sql }) => bare(sql)));
  }

  /** Runs a migration, and finds its way back by what it changes in the schema. */
  async #add(phase: PhaseName, statements: readonly string[]): Promise<void> {
    if (statements.length === 0 || this.#obstacles.length > 0) return;
    const transactional = !["backfill", "convert", "index"].includes(phase);
    await this.#run(phase, statements, transactional);
    const state = await this.#read();
    const down = proposeDown(this.#state, state);
    this.#obstacles.push(...down.obstacles);
    const rows = phase === "convert" ? ["rows keep the values they were given"] : [];
    const made = phase === "expand" ? down.losses.filter((loss) => !this.#isScaffold(loss, state)) : [];
    this.#migrations.push({
      phase,
      up: sqlOf(statements),
      down: down.sql === null || down.sql === "" ? NOTHING_TO_UNDO : down.sql,
      transactional,
      codeBefore: [],
      beside: [],
      losses: [...made, ...rows],
    });
    this.#state = state;
  }

  /** What a way back of an expansion drops is what it made, and all that is in it came from elsewhere. */
  #isScaffold(loss: string, state: SchemaModel): boolean {
    const object = loss.slice(0, loss.indexOf(": "));
    return (
      state.objects[`column:${object}`] !== undefined && this.#looked.after.objects[`column:${object}`] === undefined
    );
  }

  async #contract(dropTriggers: readonly string[]): Promise<PhasedPlan["reaches"]> {
    if (this.#obstacles.length > 0) return null;
    const { evidence, target, after } = this.#looked;
    // What was put up last, such as a view of a table with all its columns, is in the way of what was before it.
    const clear = unique(this.#ways.toReversed().flatMap((way) => way.clear ?? []));
    const first = [...dropTriggers, ...clear, ...this.#all((way) => way.swap)];
    await this.#run("contract", first, true);
    const rest = this.#planned(await this.#read(), target).flat();
    if (this.#obstacles.length > 0) return null;
    await this.#run("contract", [...rest, ...evidence.renameAgain.map(bare)], true);
    const reached = await this.#read();
    const equality = compareSchemas(reached, after);
    if (equality === "differs") {
      for (const { kind, object, detail } of diffSchemas(reached, after))
        this.#obstacles.push({ kind, object, reason: `it is not what the migration itself makes of it: ${detail}` });
      return null;
    }
    const back = await this.#wayBack();
    if (this.#obstacles.length > 0) return null;
    this.#migrations.push({
      phase: "contract",
      up: sqlOf([...first, ...rest, ...evidence.renameAgain.map(bare)]) || NOTHING_TO_UNDO,
      ...back,
      transactional: true,
      codeBefore: [SAYS_OLD_IS_GONE],
      beside: [],
    });
    return equality;
  }

  /** From the state reached back to the one before the last migration; columns that stood for others are filled from them. */
  async #wayBack(): Promise<Pick<PhaseMigration, "down" | "losses">> {
    const first = [
      ...this.#looked.evidence.renameBack.map(bare),
      ...this.#all((way) => way.unswap).reverse(),
      ...this.#all((way) => way.again),
    ];
    const refill = this.#all((way) => way.refill);
    await this.#run("contract", first, true);
    const opened = await this.#read();
    const losses = notBroughtBack(this.#state, opened).filter((loss) => !this.#isMirror(loss));
    const { tables, rest } = this.#inTwo(opened);
    await this.#run("contract", [...tables, ...refill, ...rest], true);
    for (const { kind, object, detail } of diffSchemas(await this.#read(), this.#state).filter(
      ({ fields }) => !fields.includes("columnOrder"),
    ))
      this.#obstacles.push({
        kind,
        object,
        reason: `the way back of the last migration does not restore it: ${detail}`,
      });
    return { down: sqlOf([...first, ...tables, ...refill, ...rest]), losses };
  }

  /** Columns and tables that come back before anything fills them, and all else. */
  #inTwo(opened: SchemaModel): { tables: string[]; rest: string[] } {
    const rest = this.#planned(opened, this.#state).flat();
    const first = (sql: string) => /^(?:CREATE TABLE|ALTER TABLE \S+ ADD COLUMN) /.test(sql);
    return { tables: rest.filter(first), rest: rest.filter((sql) => !first(sql)) };
  }

  /** A view or column that the way itself made holds nothing of its own. */
  #isMirror(loss: string): boolean {
    const object = loss.slice(0, loss.indexOf(": "));
    return (
      this.#looked.before.objects[`column:${object}`] === undefined &&
      this.#looked.before.objects[`table:${object}`] === undefined
    );
  }

  async #run(phase: PhaseName, statements: readonly string[], transactional: boolean): Promise<void> {
    try {
      await runAll(this.#engine, statements, transactional);
    } catch (error) {
      throw new DoesNotRun(phase, (error as Error).message);
    }
    await this.#engine.resetSession();
  }

  #read(): Promise<SchemaModel> {
    return introspect(this.#engine.query, { dependencies: true });
  }

  /** Puts what is to be deployed before the first migration that demands it, and who may run beside after the last that does not. */
  #withCode(): PhaseMigration[] {
    const code = this.#all((way) => way.code);
    const beside = this.#all((way) => way.beside);
    const asks = this.#migrations.findIndex(({ phase }) => phase !== "expand" && phase !== "backfill");
    return this.#migrations.map((migration, at) => ({
      ...migration,
      codeBefore: [...(at === asks ? code : []), ...migration.codeBefore],
      beside: at === Math.max(0, asks - 1) ? beside : [],
    }));
  }
}

/** A way back that says nothing would be taken for none. */
const NOTHING_TO_UNDO = "-- Nothing of the schema has to be taken back.\nSELECT 1;\n";

function sqlOf(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join("");
}

function bare(sql: string): string {
  return sql.replace(/;\s*$/, "");
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== "");
}
