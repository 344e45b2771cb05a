import { type CatalogScope, place, readCatalog, text } from "./catalog-scope.ts";

/** Oids below this belong to Postgres itself. */
const FIRST_OWN_OID = 16384;
/** Rows of these stand for their publication. */
const PARTS_OF_PUBLICATIONS = ["pg_publication_rel", "pg_publication_namespace"];

/** Links from objects of one catalog to objects of another, four numbers each: oid and column of both ends. */
interface Links {
  readonly catalog: string;
  readonly needed: string;
  /** Whether the first is kept apart from its owner, the second. */
  readonly owned: boolean;
  readonly ends: readonly number[];
}

/**
 * What each object that was read needs, by keys. What the catalog keeps apart is told of its owner: a view's rule of the view,
 * a row type of its table, a constraint's index of the constraint, a member of an extension of the extension.
 */
export async function readDependencies(scope: CatalogScope): Promise<Record<string, string[]>> {
  const all = await readLinks(scope);
  const keyOf = finder(scope, all);
  const needs = new Map<string, string[]>();
  for (const { catalog, needed, ends } of all) {
    for (let at = 0; at < ends.length; at += 4) {
      const object = keyOf(catalog, ends[at]!, ends[at + 1]!);
      if (object === undefined) continue;
      const other = keyOf(needed, ends[at + 2]!, ends[at + 3]!);
      if (other === undefined || object === other) continue;
      const known = needs.get(object);
      if (known === undefined) needs.set(object, [other]);
      else if (!known.includes(other)) known.push(other);
    }
  }
  const dependencies: Record<string, string[]> = {};
  for (const [key, list] of needs) dependencies[key] = list.length > 1 ? list.sort() : list;
  return dependencies;
}

/** A row for each pair of catalogs: a database has tens of thousands of links, and rows cost more than what is in them. */
async function readLinks(scope: CatalogScope): Promise<Links[]> {
  const rows = await readCatalog(
    scope,
    `select d.classid::regclass::text as catalog, d.refclassid::regclass::text as needed, d.deptype in ('i', 'e') as owned,
       string_agg(concat_ws(' ', d.objid, d.objsubid, d.refobjid, d.refobjsubid), ' ') as ends
     from pg_catalog.pg_depend d`,
    `$1::text[] is not null and d.objid >= ${FIRST_OWN_OID} and d.refobjid >= ${FIRST_OWN_OID} group by 1, 2, 3`,
  );
  return rows.map((row) => {
    const [catalog, needed] = [text(row, "catalog"), text(row, "needed")];
    const owned = row.owned === true || (PARTS_OF_PUBLICATIONS.includes(catalog) && needed === "pg_publication");
    return { catalog, needed, owned, ends: text(row, "ends").split(" ").map(Number) };
  });
}

type Finder = (catalog: string, oid: number, sub: number) => string | undefined;

/** Finds the key of an object, or of what it is kept apart from. */
function finder(scope: CatalogScope, all: readonly Links[]): Finder {
  const owners = new Map<string, Map<number, readonly [string, number, number]>>();
  for (const { catalog, needed, owned, ends } of all) {
    if (!owned) continue;
    const own = owners.get(catalog) ?? new Map<number, readonly [string, number, number]>();
    owners.set(catalog, own);
    for (let at = 0; at < ends.length; at += 4) own.set(ends[at]!, [needed, ends[at + 2]!, ends[at + 3]!]);
  }
  const find = (catalog: string, oid: number, sub: number, steps: number): string | undefined => {
    const keys = scope.keys.get(catalog);
    const key = keys?.get(place(oid, sub)) ?? (sub === 0 ? undefined : keys?.get(place(oid, 0)));
    if (key !== undefined || steps > 8) return key;
    const owner = owners.get(catalog)?.get(oid);
    return owner && find(...owner, steps + 1);
  };
  return (catalog, oid, sub) => find(catalog, oid, sub, 0);
}
