import { introspect } from "@change-mgmt/analysis/introspection/introspect.ts";
import type { EmbeddedMajor } from "@change-mgmt/analysis/rehearsal/embedded-majors.ts";
import { embeddedSource } from "@change-mgmt/analysis/rehearsal/embedded-source.ts";
import type { Engine, EngineSource } from "@change-mgmt/analysis/rehearsal/engine.ts";
import { rehearseMigration } from "@change-mgmt/analysis/rehearsal/rehearse-migration.ts";
import type { MigrationReport } from "@change-mgmt/analysis/rehearsal/report.ts";
import { diffSchemas } from "@change-mgmt/domain/schema/diff.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { CLEARED, GROUND, ROLES } from "./ground.ts";
import type { Verdict } from "./verdict.ts";
import type { Pair } from "./written.ts";

/** Rehearses pairs on embedded databases, as `check` and a server do, but for the process around each. */
export class Rehearsals {
  readonly #source: EngineSource;
  readonly #ground: SchemaModel;
  #engine: Engine;

  private constructor(source: EngineSource, engine: Engine, ground: SchemaModel) {
    this.#source = source;
    this.#engine = engine;
    this.#ground = ground;
  }

  static async open(major: EmbeddedMajor, cacheFolder: string): Promise<Rehearsals> {
    const roles = ROLES.map((role) => `create role ${role};`).join("\n");
    const base = [{ name: "ground.sql", sql: `${roles}\n${GROUND}` }];
    const source = await embeddedSource({ major, base, texts: [], cacheFolder, onStatement: () => undefined });
    const engine = await source.open([]);
    return new Rehearsals(source, engine, await introspect(engine.query));
  }

  async verdict(pair: Pair): Promise<Verdict> {
    const first = await this.#rehearse(pair, true);
    // What fails for the sake of generated rows is looked at without them, as a whole rehearsal does.
    const { up, down } = first.failedOnData ? (await this.#rehearse(pair, false)).rehearsal : first.rehearsal;
    if (up.outcome !== "ok") return { schema: "invalid", rows: "unknown", because: up.reason ?? up.outcome };
    if (down.outcome === "absent" || down.outcome === "not-rehearsable")
      throw new Error(`${pair.name} was not rehearsed: ${down.reason}`);
    if (down.outcome === "fails") return { schema: "fails", rows: "unknown", because: down.reason ?? "" };
    const left = down.differences.map(({ object, detail }) => `${object}: ${detail}`);
    return {
      schema: down.outcome,
      rows: down.data === "not-checked" ? "unknown" : down.data,
      because: [...left, ...(down.dataReason === null ? [] : [down.dataReason])].join("; "),
    };
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }

  async #rehearse({ name, up, down }: Pair, seedRows: boolean) {
    let rehearsal: MigrationReport["rehearsal"] | undefined;
    const migration = { id: name, name, up, down, transactional: true };
    const end = await rehearseMigration(
      this.#engine,
      migration,
      { seedRows, propose: false },
      {
        doing: () => undefined,
        statement: () => undefined,
        draft: (draft) => {
          rehearsal = draft.rehearsal ?? rehearsal;
        },
      },
    );
    await this.#clear();
    return { rehearsal: rehearsal!, failedOnData: end.failedOnData };
  }

  /** Makes the ground anew; where a pair has left something that cannot be cleared away, on another engine. */
  async #clear(): Promise<void> {
    await this.#engine.resetSession();
    await this.#engine.run(CLEARED);
    await this.#engine.run(GROUND);
    if (diffSchemas(this.#ground, await introspect(this.#engine.query)).length === 0) return;
    await this.#engine.close();
    this.#engine = await this.#source.open([]);
  }
}
