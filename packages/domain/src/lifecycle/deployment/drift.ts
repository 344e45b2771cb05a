import { judgeDifferences } from "../../schema/breaking.ts";
import { diffSchemas } from "../../schema/diff.ts";
import type { SchemaModel, SchemaObject } from "../../schema/model.ts";

/** What a change that is in an environment is about: the components it names and the tables it touched when it was rehearsed. */
export interface TouchedTables {
  /** Its number. */
  readonly change: string;
  readonly components: readonly string[];
  /** Qualified names, such as `public.users`. */
  readonly tables: readonly string[];
}

/** A component whose tables somebody else has changed. */
export interface AffectedComponent {
  readonly component: string;
  /** Null where the configuration names no owner. */
  readonly team: string | null;
  /** Numbers of the changes by which it is known to use the table. */
  readonly changes: readonly string[];
}

/** One difference between the last known schema and the one that was found. */
export interface DriftedObject {
  readonly change: "added" | "removed" | "altered";
  readonly kind: string;
  readonly object: string;
  readonly detail: string;
  readonly breaking: boolean;
  readonly reason: string;
  /** The table it belongs to; null for what belongs to none. */
  readonly table: string | null;
  readonly affected: readonly AffectedComponent[];
}

/** What differs from the last known schema, what that breaks, and which components are known to use the tables. */
export function judgeDrift(
  known: SchemaModel,
  found: SchemaModel,
  touched: readonly TouchedTables[],
  componentTeams: Readonly<Record<string, string>>,
): readonly DriftedObject[] {
  return judgeDifferences(diffSchemas(known, found)).map(({ difference, breaking, reason }) => {
    const { change, kind, object, detail, before, after } = difference;
    const table = tableOf((before ?? after)!);
    return {
      change,
      kind,
      object,
      detail,
      breaking,
      reason,
      table,
      affected: table === null ? [] : affectedBy(table, touched, componentTeams),
    };
  });
}

function tableOf({ kind, name, of, fields }: SchemaObject): string | null {
  if (kind === "table") return name;
  if (typeof fields.table === "string") return fields.table;
  return of?.startsWith("table:") === true ? of.slice("table:".length) : null;
}

function affectedBy(
  table: string,
  touched: readonly TouchedTables[],
  componentTeams: Readonly<Record<string, string>>,
): AffectedComponent[] {
  const uses = touched.filter(({ tables }) => tables.includes(table));
  const components = [...new Set(uses.flatMap((use) => use.components))].sort();
  return components.map((component) => ({
    component,
    team: Object.hasOwn(componentTeams, component) ? componentTeams[component]! : null,
    changes: uses.filter((use) => use.components.includes(component)).map(({ change }) => change),
  }));
}
