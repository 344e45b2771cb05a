const FAMILIES = [
  /^(?:smallint|integer|bigint|numeric|real|double precision)\b/,
  /^(?:text|character|character varying|citext|"char"|name)\b/,
  /^(?:timestamp|date)\b/,
  /^jsonb?$/,
];

/** The cast of a column: within a family there is one; elsewhere the way leads over text, which every type can be written as and read from. */
export function castTo(column: string, from: string, to: string): string {
  const direct = FAMILIES.some((family) => family.test(from) && family.test(to)) || FAMILIES[1]!.test(to);
  const arrays = from.endsWith("[]") && to.endsWith("[]");
  if (from.endsWith("[]") === to.endsWith("[]") && (direct || arrays)) {
    return arrays && !direct ? `${column}::text[]::${to}` : `${column}::${to}`;
  }
  return `${column}::text::${to}`;
}

export function keepsEverything(from: string, to: string): boolean {
  return (
    to === "text" ||
    (from === "json" && to === "jsonb") ||
    (/^(?:smallint|integer|bigint)$/.test(from) && to === "numeric")
  );
}
