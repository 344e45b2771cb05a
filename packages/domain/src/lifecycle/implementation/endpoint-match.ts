import { pathFit } from "./endpoint-path.ts";

/** What a service answers: `*` is any method. */
export interface AnsweredEndpoint {
  readonly method: string;
  readonly segments: readonly string[];
}

/** What somebody calls. */
export interface EndpointCall {
  readonly method: string;
  readonly segments: readonly string[];
  /** Whether an unknown address stands before it, which may bring a prefix. */
  readonly behind: boolean;
  /** Calls of one client go to one address. */
  readonly client: string;
}

/** What became of a call: the route it goes to; none, with the routes that answer its path by other methods; or nothing that shows it is meant for these routes. */
export type CallMatch<R> =
  | { readonly to: R }
  | { readonly none: { readonly segments: readonly string[]; readonly otherMethods: readonly R[] } }
  | { readonly elsewhere: true };

/**
 * Finds the route of each call by method and path, never by name. The address that a client puts before its paths is taken to bring the
 * prefix under which most of its calls have a route. A client none of whose calls has one, and whose paths begin as no route does,
 * calls something else.
 */
export function matchCalls<R extends AnsweredEndpoint, C extends EndpointCall>(
  routes: readonly R[],
  calls: readonly C[],
): ReadonlyMap<C, CallMatch<R>> {
  const matches = new Map<C, CallMatch<R>>();
  for (const client of new Set(calls.map((call) => call.client))) {
    const theirs = calls.filter((call) => call.client === client);
    const prefix = prefixOf(routes, theirs);
    const asked = new Map(theirs.map((call) => [call, call.behind ? [...prefix, ...call.segments] : call.segments]));
    const found = new Map(theirs.map((call) => [call, routeOf(routes, call.method, asked.get(call)!)]));
    const known = [...found.values()].some((route) => route !== null);
    for (const call of theirs) {
      const to = found.get(call)!;
      const segments = asked.get(call)!;
      const begins = known || routes.some((route) => route.segments[0] === segments[0]);
      if (to !== null) matches.set(call, { to });
      else if (!begins) matches.set(call, { elsewhere: true });
      else {
        const otherMethods = routes.filter((route) => pathFit(route.segments, segments) !== null);
        matches.set(call, { none: { segments, otherMethods } });
      }
    }
  }
  return matches;
}

function prefixOf(routes: readonly AnsweredEndpoint[], calls: readonly EndpointCall[]): readonly string[] {
  const behind = calls.filter((call) => call.behind);
  const candidates = new Map<string, readonly string[]>([["", []]]);
  for (const { segments } of behind)
    for (const route of routes) {
      const prefix = route.segments.slice(0, Math.max(0, route.segments.length - segments.length));
      candidates.set(prefix.join("/"), prefix);
    }
  const ranked = [...candidates.values()]
    .map((prefix) => ({
      prefix,
      hits: behind.filter(({ method, segments }) => routeOf(routes, method, [...prefix, ...segments]) !== null).length,
    }))
    .sort((one, other) => other.hits - one.hits || one.prefix.length - other.prefix.length);
  return ranked[0]!.prefix;
}

/** The route that answers, the one spelled most alike first; HEAD is answered by what answers GET. */
function routeOf<R extends AnsweredEndpoint>(
  routes: readonly R[],
  method: string,
  segments: readonly string[],
): R | null {
  let best: { route: R; fit: number } | null = null;
  for (const route of routes) {
    const answers = route.method === "*" || route.method === method || (method === "HEAD" && route.method === "GET");
    const fit = answers ? pathFit(route.segments, segments) : null;
    if (fit !== null && (best === null || fit > best.fit)) best = { route, fit };
  }
  return best?.route ?? null;
}
