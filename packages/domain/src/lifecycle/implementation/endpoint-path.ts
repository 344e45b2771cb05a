/**
 * How well a call fits the path of a route: the number of segments that are spelled alike, null where it does not fit. Parameters are
 * blanked as `{}`, alone or within text; a route's `*` takes the rest. A call's parameter fits only a route's parameter, for nobody
 * knows that it is ever the word a route is spelled with.
 */
export function pathFit(route: readonly string[], call: readonly string[]): number | null {
  let alike = 0;
  for (const [at, segment] of route.entries()) {
    if (segment === "*") return alike;
    const asked = call[at];
    if (asked === undefined || !segmentFits(segment, asked)) return null;
    if (segment === asked && !segment.includes("{}")) alike += 1;
  }
  return route.length === call.length ? alike : null;
}

function segmentFits(segment: string, asked: string): boolean {
  if (!segment.includes("{}")) return segment === asked;
  const head = segment.slice(0, segment.indexOf("{}"));
  const tail = segment.slice(segment.lastIndexOf("{}") + 2);
  return asked.length > head.length + tail.length && asked.startsWith(head) && asked.endsWith(tail);
}

/** A path as people read it: `/api/users/{}`. */
export function pathText(segments: readonly string[]): string {
  return `/${segments.join("/")}`;
}
