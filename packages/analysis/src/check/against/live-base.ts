import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { alterationSql } from "../../alteration/alteration.ts";
import { onDisposable } from "../../alteration/disposable.ts";
import { quoted } from "../../alteration/identifiers.ts";
import { majorOf } from "../../alteration/major.ts";
import { planAlteration } from "../../alteration/plan.ts";
import { rolesNamed } from "../../alteration/roles-named.ts";
import { introspect } from "../../introspection/introspect.ts";
import { HOST_SCHEMAS, HOST_STANDS_IN, withoutHost } from "../../rehearsal/hosted-project.ts";
import type { BaseFile, RehearsalBase } from "../../rehearsal/report.ts";
import type { LiveDatabase } from "./live-database.ts";

/** The SQL that makes the schema of a live database, or why there is none. */
export type LiveBase =
  | { readonly base: RehearsalBase; readonly notRehearsable: null }
  | { readonly base: null; readonly notRehearsable: string };

/** Extensions that watch or repair a server and make no part of a schema. What uses one all the same cannot be made again, and that is said. */
const WATCHES: ReadonlySet<string> = new Set([
  "amcheck",
  "hypopg",
  "pageinspect",
  "pg_buffercache",
  "pg_freespacemap",
  "pg_prewarm",
  "pg_qualstats",
  "pg_repack",
  "pg_stat_kcache",
  "pg_stat_statements",
  "pg_visibility",
  "pg_wait_sampling",
  "pg_walinspect",
  "pgaudit",
  "pgstattuple",
]);

/** Writes the schema of a live database as files that a rehearsal can start on. */
export async function liveBase(live: LiveDatabase, cacheFolder: string): Promise<LiveBase> {
  const { shown, hosted } = live;
  const wanted = withoutWatchers(hosted ? withoutHost(live.model) : live.model);
  const roles = rolesFile(wanted, hosted);
  const planned = await onDisposable(
    { texts: [roles], cacheFolder, major: majorOf(live.postgres) },
    async (engine): Promise<Outcome<ReturnType<typeof planAlteration>>> => {
      const ignoreSchemas = hosted ? HOST_SCHEMAS : [];
      return accept(planAlteration(await introspect(engine.query, { dependencies: true, ignoreSchemas }), wanted));
    },
  );
  if (!planned.ok) return { base: null, notRehearsable: planned.refusal.message };
  const { steps, obstacles } = planned.value;
  if (obstacles.length > 0) {
    const [first, ...others] = obstacles.map(({ object, reason }) => `${object}: ${reason}`);
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    return { base: null, notRehearsable: `the schema of ${shown} cannot be made again here: ${first}${more}` };
  }
  const phases = [...new Set(steps.map(({ phase }) => phase))].map((phase) => ({
    name: `the schema of ${shown}`,
    up: alterationSql(steps.filter((step) => step.phase === phase).map((step) => ({ ...step, phase: 1 }))),
    transactional: steps.every((step) => step.phase !== phase || step.transactional),
  }));
  return { base: [roles, ...phases], notRehearsable: null };
}

function rolesFile(model: SchemaModel, hosted: boolean): Extract<BaseFile, { readonly up: string }> {
  const made = [...rolesNamed([model])]
    .sort()
    .map((name) => `do $$ begin create role ${quoted(name)}; exception when duplicate_object then null; end $$;`);
  const stubs = hosted ? [HOST_STANDS_IN] : [];
  return { name: "roles", up: [...stubs, ...made].join("\n"), transactional: true };
}

function withoutWatchers(model: SchemaModel): SchemaModel {
  const objects = Object.entries(model.objects).filter(
    ([, { kind, name }]) => kind !== "extension" || !WATCHES.has(name),
  );
  return { ...model, objects: Object.fromEntries(objects) };
}
