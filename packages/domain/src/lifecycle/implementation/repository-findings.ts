import { type AnsweredEndpoint, type CallMatch, type EndpointCall, matchCalls } from "./endpoint-match.ts";
import { pathText } from "./endpoint-path.ts";

/** A place in code, 1-based. */
export interface CodePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a finding is about, for waivers to name. */
export interface FindingSubject {
  readonly backend?: string;
  readonly interface?: string;
  readonly method?: string;
  /** Method and path, such as `GET /api/users/{}`. */
  readonly route?: string;
}

/** Something that an implementation lacks, or that could not be told. */
export interface RepositoryFinding {
  readonly rule: string;
  readonly severity: "error" | "warning" | "info";
  readonly place: CodePlace;
  readonly message: string;
  readonly hint: string;
  readonly subject: FindingSubject;
}

/** One method of an interface in one backend. */
export interface BackendMethod {
  readonly interface: string;
  readonly method: string;
  readonly backend: string;
  readonly state: "real" | "stub" | "missing" | "unknown";
  readonly place: CodePlace;
  readonly why: string | null;
  /** Null where nothing of the backend implements the interface. */
  readonly implementation: string | null;
}

/** Judges methods of backends: every one is asked for in every backend. */
export function judgeMethods(methods: readonly BackendMethod[]): RepositoryFinding[] {
  return methods.flatMap((one): RepositoryFinding[] => {
    if (one.state === "real") return [];
    const { backend, method, place, why } = one;
    const name = `${one.interface}.${method}`;
    const subject = { backend, interface: one.interface, method };
    const reason = why === null ? "" : `: ${why}`;
    if (one.state === "unknown") {
      const message = `Whether ${backend} has ${name} cannot be told${reason}.`;
      return [{ rule: "method-unknown", severity: "info", place, message, hint: "Look at it yourself.", subject }];
    }
    if (one.state === "stub") {
      const message = `${name} is a stub in ${backend}${reason}.`;
      const hint = "Write it, or record a waiver with a reason, an owner and an end date in change-mgmt.yaml.";
      return [{ rule: "method-stub", severity: "error", place, message, hint, subject }];
    }
    const message = `${name} is missing in ${backend}${reason}.`;
    const hint =
      one.implementation === null ? `Implement ${one.interface} for ${backend}.` : `Add it to ${one.implementation}.`;
    return [{ rule: "method-missing", severity: "error", place, message, hint, subject }];
  });
}

/** A route with its place. */
export interface PlacedRoute extends AnsweredEndpoint {
  readonly place: CodePlace;
}

/** A call with its place and who makes it. */
export interface PlacedCall extends EndpointCall {
  readonly place: CodePlace;
  readonly by: string;
  /** Whether a client makes it, rather than a bare fetch. */
  readonly wrapped: boolean;
}

/** What is known of routes and calls together. */
export interface EndpointVerdict<R, C> {
  readonly findings: readonly RepositoryFinding[];
  readonly matches: ReadonlyMap<C, CallMatch<R>>;
}

/** What operators and browsers ask for, and no client. */
export const OPERATIONAL =
  /^\/(?:health|healthz|livez?|readyz?|ping|metrics|status|version|favicon\.ico|robots\.txt|docs|openapi\.json|documentation)(?:\/|$)/;

/**
 * Judges routes and calls in both directions: a call needs a route; a route needs a client's method, or, where nobody has a client, any
 * call. `internal` are routes of which no client is asked, besides those for operators.
 */
export function judgeEndpoints<R extends PlacedRoute, C extends PlacedCall>(
  routes: readonly R[],
  calls: readonly C[],
  internal: readonly string[],
): EndpointVerdict<R, C> {
  if (routes.length === 0) return { findings: [], matches: new Map() };
  const matches = matchCalls(routes, calls);
  const unanswered = [...matches].flatMap(([call, match]) => ("none" in match ? [withoutRoute(call, match.none)] : []));
  const reached = new Map<R, C[]>();
  for (const [call, match] of matches)
    if ("to" in match) reached.set(match.to, [...(reached.get(match.to) ?? []), call]);
  const callers = [...reached.values()].flat();
  const hasClient = callers.some(({ wrapped }) => wrapped);
  const unasked = routes.filter((route) => {
    const path = pathText(route.segments);
    if (
      callers.length === 0 ||
      OPERATIONAL.test(path) ||
      internal.includes(path) ||
      internal.includes(routeText(route))
    )
      return false;
    return !(reached.get(route) ?? []).some(({ wrapped }) => wrapped || !hasClient);
  });
  const alone = distinct(unasked, routes, reached).map((route) => withoutClient(route, reached.get(route) ?? []));
  return { findings: [...unanswered, ...alone], matches };
}

/** A route whose optional parameter makes two of it is one: whoever calls either way calls it. */
function distinct<R extends PlacedRoute, C extends PlacedCall>(
  unasked: readonly R[],
  routes: readonly R[],
  reached: ReadonlyMap<R, readonly C[]>,
): R[] {
  const at = ({ place: { file, line, column }, method }: R) => `${file}:${line}:${column} ${method}`;
  const called = new Set(routes.filter((route) => (reached.get(route) ?? []).some(({ wrapped }) => wrapped)).map(at));
  return [...new Map(unasked.filter((route) => !called.has(at(route))).map((route) => [at(route), route])).values()];
}

function withoutRoute(
  { method, place, by }: PlacedCall,
  {
    segments,
    otherMethods,
  }: { readonly segments: readonly string[]; readonly otherMethods: readonly AnsweredEndpoint[] },
): RepositoryFinding {
  const route = `${method} ${pathText(segments)}`;
  const others = [...new Set(otherMethods.map((one) => one.method))].join(", ");
  const message = `${by} calls ${route}, which no route answers.`;
  const hint = others === "" ? "Add the route, or correct the call." : `That path is answered for ${others} only.`;
  return { rule: "call-without-route", severity: "error", place, message, hint, subject: { route } };
}

function withoutClient(answered: PlacedRoute, callers: readonly PlacedCall[]): RepositoryFinding {
  const route = routeText(answered);
  const [bare] = callers;
  const message = `No client has a method for ${route}.`;
  const hint = bare
    ? `${bare.by} in ${bare.place.file} calls it by a bare fetch: add a method to the client and call that.`
    : "Add a method to the client, take the route away, or name it in validate.internalRoutes of change-mgmt.yaml.";
  return { rule: "route-without-client", severity: "error", place: answered.place, message, hint, subject: { route } };
}

/** A route as people read it: `GET /api/users/{}`; `ANY` for every method. */
export function routeText({ method, segments }: AnsweredEndpoint): string {
  return `${method === "*" ? "ANY" : method} ${pathText(segments)}`;
}
