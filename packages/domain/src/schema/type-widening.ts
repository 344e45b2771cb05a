const INTEGERS = ["smallint", "integer", "bigint"];

interface SizedType {
  readonly base: string;
  readonly sizes: readonly number[];
}

/** True when every value of the first type fits the second and reads the same: a longer varchar, a larger integer, varchar to text. */
export function widens(from: string, to: string): boolean {
  if (from === to) return true;
  const integers = [INTEGERS.indexOf(from), INTEGERS.indexOf(to)] as const;
  if (integers[0] >= 0 && integers[1] >= 0) return integers[0] < integers[1];
  const [was, is] = [sized(from), sized(to)];
  if (was.base === "character varying" && to === "text") return true;
  if (was.base !== is.base) return false;
  if (is.sizes.length === 0) return was.base !== "character";
  if (was.base === "numeric") {
    const [precision = 0, scale = 0] = was.sizes;
    const [newPrecision = 0, newScale = 0] = is.sizes;
    return was.sizes.length > 0 && newScale === scale && newPrecision >= precision;
  }
  return was.base === "character varying" && was.sizes.length > 0 && is.sizes[0]! >= was.sizes[0]!;
}

function sized(type: string): SizedType {
  const match = /^(.*?)\((\d+(?:,-?\d+)*)\)(.*)$/.exec(type);
  if (!match) return { base: type, sizes: [] };
  return { base: `${match[1]}${match[3]}`.trim(), sizes: match[2]!.split(",").map(Number) };
}
