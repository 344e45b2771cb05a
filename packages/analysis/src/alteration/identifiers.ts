import { qualifiedName } from "@change-mgmt/domain/schema/model.ts";

/** Words that Postgres does not take for a name unless quoted, at least in some places. */
const KEYWORDS = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character
  check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role
  current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists
  extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int
  integer intersect interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural
  nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision
  primary real references returning right row select session_user setof similar smallint some substring symmetric system_user table
  tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where
  window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable json
  json_array json_arrayagg json_object json_objectagg json_scalar json_serialize merge_action json_exists json_query json_value json_table`.split(
    /\s+/,
  ),
);

/** An identifier as it can stand anywhere in SQL. */
export function quoted(identifier: string): string {
  return KEYWORDS.has(identifier) ? `"${identifier}"` : qualifiedName(identifier);
}

/** The parts of a qualified name without their quotes; what follows the name, such as a list of arguments, is left out. */
export function nameParts(name: string): string[] {
  const parts: string[] = [];
  for (const [, inQuotes, plain] of name.matchAll(/(?:"((?:[^"]|"")*)"|([^".(]+))(?:\.|(?=\()|$)/gy)) {
    parts.push(inQuotes === undefined ? plain! : inQuotes.replaceAll('""', '"'));
  }
  return parts;
}

/** A qualified name in SQL, keywords quoted. */
export function sqlName(name: string): string {
  return nameParts(name).map(quoted).join(".");
}

/** The last part of a qualified name in SQL. */
export function lastName(name: string): string {
  return quoted(nameParts(name).at(-1)!);
}

/** The name as keys of a model have it, whatever quotes it came with. */
export function keyName(name: string): string {
  return qualifiedName(...nameParts(name));
}

/** A string constant. */
export function literal(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return text.includes("\\") ? `E'${escaped.replaceAll("\\", "\\\\")}'` : `'${escaped}'`;
}
