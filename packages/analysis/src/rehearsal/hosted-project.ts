import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import type { QueryFunction } from "../introspection/query-function.ts";

/** A comment that makes a text count on what the host of a Supabase project prepares. */
export const HOST_STANDS_IN = "-- with auth.users";

/** Schemas that the host of a Supabase project has there for its own services. */
export const HOST_SCHEMAS: readonly string[] = [
  "_analytics",
  "_realtime",
  "auth",
  "cron",
  "extensions",
  "graphql",
  "graphql_public",
  "net",
  "pgbouncer",
  "pgsodium",
  "pgsodium_masks",
  "realtime",
  "storage",
  "supabase_functions",
  "vault",
];

const HOST_EXTENSIONS: ReadonlySet<string> = new Set(["pg_graphql", "pg_net", "pgjwt", "pgsodium", "supabase_vault"]);

/** Whether a live database is a Supabase project, whose host has schemas, roles and extensions of its own in it. */
export async function isHosted(query: QueryFunction): Promise<boolean> {
  const { rows } = await query(
    "select exists (select from pg_catalog.pg_roles where rolname = 'supabase_admin') and pg_catalog.to_regnamespace('auth') is not null as hosted",
  );
  return rows[0]!.hosted === true;
}

/** A model, read without the host's schemas, without the extensions and event triggers of the host's services. */
export function withoutHost(model: SchemaModel): SchemaModel {
  const serves = (called: unknown) => HOST_SCHEMAS.some((schema) => String(called).startsWith(`${schema}.`));
  const objects = Object.entries(model.objects).filter(([, { kind, name, fields }]) => {
    if (kind === "extension") return !HOST_EXTENSIONS.has(name);
    return kind !== "event_trigger" || !serves(fields.function);
  });
  return { ...model, objects: Object.fromEntries(objects) };
}
