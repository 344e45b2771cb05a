/**
 * The one text a JSON value has: object keys sorted by code unit, no insignificant whitespace, undefined members dropped.
 * Throws a TypeError on what JSON cannot say: undefined outside an object, NaN, infinities, functions, symbols, big integers, dates and the like.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(",")}]`;
  // A Date or Map would otherwise turn into "{}" and two different contents would share one hash.
  if (Object.prototype.toString.call(value) !== "[object Object]") {
    throw new TypeError(`a value of type ${Object.prototype.toString.call(value)} has no JSON form`);
  }
  const members = Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}
