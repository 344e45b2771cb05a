import { type SchemaModel, schemaModel } from "@change-mgmt/domain/schema/model.ts";
import type { CatalogScope } from "./catalog-scope.ts";
import { readDependencies } from "./dependencies.ts";
import { readOutsideModel } from "./outside-model.ts";
import { readOwners, withOwners } from "./owners.ts";
import { readDefaultPrivileges, readGrants } from "./permissions.ts";
import { readDatabaseWide, readFunctions, readPolicies, readRules, readTriggers } from "./programs.ts";
import type { QueryFunction } from "./query-function.ts";
import { readColumns, readConstraints, readIndexes, readSequences, readTables, readViews } from "./relations.ts";
import { withSettingsRestored } from "./steady-settings.ts";
import { readDomainConstraints, readOthers, readSchemas, readStatistics, readTypes } from "./types.ts";

export type { QueryFunction } from "./query-function.ts";

/** Schemas that are bookkeeping, ours or a tool's, and no part of what a change is about. */
export const BOOKKEEPING_SCHEMAS = ["change_mgmt_ledger", "change_mgmt", "change_mgmt_jobs", "supabase_migrations"];

const READERS = [
  readSchemas,
  readTypes,
  readDomainConstraints,
  readTables,
  readColumns,
  readConstraints,
  readIndexes,
  readViews,
  readSequences,
  readFunctions,
  readTriggers,
  readRules,
  readPolicies,
  readGrants,
  readDefaultPrivileges,
  readStatistics,
  readDatabaseWide,
  readOthers,
];

/**
 * Reads the schema of a live database (Postgres 15 to 18, PGlite) with about twenty catalog queries, whatever its size.
 * With `dependencies` it also tells what each object needs, and with `outside` owners and tablespaces; these and `owners` for one query more, tablespaces for another.
 * Leaves out Postgres's own schemas, temporary ones, BOOKKEEPING_SCHEMAS, `ignoreSchemas` and members of extensions;
 * tablespaces and roles are not part of the model, owners only with `owners`, and then where they are not the role that asks. Queries run one after the other, so one connection in a transaction will do,
 * and reads of one snapshot need a REPEATABLE READ transaction of the caller's.
 */
export async function introspect(
  query: QueryFunction,
  options: {
    readonly ignoreSchemas?: readonly string[];
    readonly dependencies?: boolean;
    readonly owners?: boolean;
    readonly outside?: boolean;
  } = {},
): Promise<SchemaModel> {
  const ignoreSchemas = [...BOOKKEEPING_SCHEMAS, ...(options.ignoreSchemas ?? [])];
  const scope: CatalogScope = { query, ignoreSchemas, keys: new Map() };
  return withSettingsRestored(query, async () => {
    const version = await query("select pg_catalog.current_setting('server_version') as version");
    const objects = [];
    for (const read of READERS) objects.push(...(await read(scope)));
    const dependencies = options.dependencies ? await readDependencies(scope) : undefined;
    const owners = options.owners || options.outside ? await readOwners(scope) : new Map();
    const owned = options.owners ? withOwners(objects, owners) : objects;
    const model = schemaModel(String(version.rows[0]!.version).split(" ")[0]!, owned, dependencies);
    return options.outside ? { ...model, outside: await readOutsideModel(scope, owners) } : model;
  });
}
