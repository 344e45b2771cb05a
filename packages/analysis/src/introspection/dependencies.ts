import { type CatalogScope, readCatalog, text } from "./catalog-scope.ts";

/** Oids below this belong to Postgres itself. */
const FIRST_OWN_OID = 16384;
/** Rows of these stand for their publication. */
const PARTS_OF_PUBLICATIONS = ["pg_publication_rel", "pg_publication_namespace"];

/**
 * What each object that was read needs, by keys. What the catalog keeps apart is told of its owner: a view's rule of the view,
 * a row type of its table, a constraint's index of the constraint, a member of an extension of the extension.
 */
export async function readDependencies(scope: CatalogScope): Promise<Record<string, string[]>> {
  const rows = await readCatalog(
    scope,
    `select d.classid::regclass::text || ' ' || d.objid as object, d.objsubid as sub,
       d.refclassid::regclass::text || ' ' || d.refobjid as needed, d.refobjsubid as needed_sub, d.deptype::text as type
     from pg_catalog.pg_depend d`,
    `$1::text[] is not null and d.objid >= ${FIRST_OWN_OID} and d.refobjid >= ${FIRST_OWN_OID}`,
  );
  const owners = new Map<string, string>();
  for (const row of rows) {
    const [object, needed] = [text(row, "object"), text(row, "needed")];
    const part = PARTS_OF_PUBLICATIONS.includes(object.split(" ")[0]!) && needed.startsWith("pg_publication ");
    if (row.type === "i" || row.type === "e" || part) owners.set(object, `${needed} ${row.needed_sub}`);
  }
  const keyOf = (object: string, sub: unknown, steps = 0): string | undefined => {
    const own = scope.keys.get(`${object} ${sub}`) ?? scope.keys.get(`${object} 0`);
    const owner = owners.get(object);
    if (own !== undefined || owner === undefined || steps > 8) return own;
    const at = owner.lastIndexOf(" ");
    return keyOf(owner.slice(0, at), owner.slice(at + 1), steps + 1);
  };
  const needs = new Map<string, Set<string>>();
  for (const row of rows) {
    const object = keyOf(text(row, "object"), row.sub);
    const needed = keyOf(text(row, "needed"), row.needed_sub);
    if (object === undefined || needed === undefined || object === needed) continue;
    const known = needs.get(object);
    if (known) known.add(needed);
    else needs.set(object, new Set([needed]));
  }
  return Object.fromEntries([...needs].map(([key, all]) => [key, [...all].sort()]));
}
