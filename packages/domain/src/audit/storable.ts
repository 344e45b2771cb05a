const LONE_SURROGATES = /\p{Surrogate}/gu;
const DEEPEST = 32;

/**
 * A copy that canonical JSON can hold whatever a person typed: lone surrogates become U+FFFD, what is nested deeper than
 * 32 levels becomes a note. Other values are left as they are.
 */
export function storable(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.replaceAll(LONE_SURROGATES, "\ufffd");
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return "(nested too deep to keep)";
  if (Array.isArray(value)) return value.map((member) => storable(member, depth + 1));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.replaceAll(LONE_SURROGATES, "\ufffd"),
      storable(member, depth + 1),
    ]),
  );
}
