import { judgeEndpoints, routeText } from "@change-mgmt/domain/lifecycle/implementation/repository-findings.ts";
import ts from "typescript";
import { type ClientCall, readCalls, whoCalls } from "../clients/read-calls.ts";
import { type CodeBase, openCodeBase } from "../code-base.ts";
import { memberOf } from "../implementations/members.ts";
import { type ImplementationSettings, readImplementations } from "../implementations/read-implementations.ts";
import type { RepositoryReader } from "../reader.ts";
import { readReferences } from "../references/read-references.ts";
import type { TableReference } from "../references/table-reference.ts";
import { readRoutes } from "../routes/read-routes.ts";
import { placeOf } from "../sources.ts";
import { typeOf } from "../types.ts";
import { Reach } from "./reach.ts";
import type { ImpactPlace, ImpactReport, OwnedComponent } from "./report.ts";
import type { Touch } from "./touched.ts";

/** Follows what a migration touches through a repository: references, repository methods, endpoints, clients, components, teams. */
export async function readImpact(
  reader: RepositoryReader,
  migration: string,
  touches: readonly Touch[],
  components: readonly OwnedComponent[],
  settings: ImplementationSettings = {},
): Promise<ImpactReport> {
  const code = openCodeBase(reader);
  const { references: all, unresolved } = await readReferences(code, new Set(touches.map(({ table }) => table)));
  const references = all.filter((reference) => touches.some((touch) => meets(touch, reference)));
  const at = (place: ImpactPlace["place"]): ImpactPlace => ({ place, component: componentAt(components, place.file) });
  const empty = { methods: [], endpoints: [], clients: [], users: [], open: [] };
  const { methods, endpoints, clients, users, open } =
    references.length === 0 ? empty : follow(code, references, settings, at);
  const said = references.map((reference) => ({
    table: reference.table,
    columns: reference.columns,
    access: reference.access,
    by: reference.by,
    symbol: whoCalls(reference.node).by,
    breaking: touches.some((touch) => touch.breaking && meets(touch, reference) && breaks(touch, reference)),
    ...at(reference.place),
  }));
  const reached = [...methods, ...endpoints, ...clients, ...users].map(({ component }) => component);
  const named = new Set([...said.map(({ component }) => component), ...reached]);
  const touched = components
    .filter(({ name }) => named.has(name))
    .map(({ name, team }) => {
      const own = said.filter(({ component }) => component === name);
      return {
        name,
        team,
        breaking: own.some(({ breaking }) => breaking),
        touched: own.length > 0 ? ("directly" as const) : ("through others" as const),
      };
    });
  return {
    ok: true,
    migration,
    touches,
    references: said,
    methods,
    endpoints,
    clients,
    users,
    components: touched,
    teams: [...new Set(touched.map(({ team }) => team))].sort(),
    unresolved: [
      ...[...unresolved, ...open].map(
        ({ what, why, place }) => `${place.file}:${place.line}: ${what} could not be followed: ${why}.`,
      ),
      ...code.sources.troubles.map(({ message }) => message),
    ],
  };
}

function meets(touch: Touch, { table, columns, inserts }: TableReference): boolean {
  if (touch.table !== table) return false;
  // A column that every row needs is felt by whoever makes rows, whichever columns they name.
  if (touch.what === "add column" && touch.breaking && inserts) return true;
  return touch.columns === null || columns === null || touch.columns.some((column) => columns.includes(column));
}

function breaks({ what }: Touch, { access, inserts }: TableReference): boolean {
  if (what === "add column") return inserts;
  return /^(?:set not null|add constraint|create index)$/.test(what) ? access === "write" : true;
}

function componentAt(components: readonly OwnedComponent[], file: string): string | null {
  const around = components.filter(
    ({ path }) => path === "." || file === path || file.startsWith(`${path.replace(/\/$/, "")}/`),
  );
  return around.sort((one, other) => other.path.length - one.path.length)[0]?.name ?? null;
}

type At = (place: ImpactPlace["place"]) => ImpactPlace;

function follow(code: CodeBase, references: readonly TableReference[], settings: ImplementationSettings, at: At) {
  const facts = readImplementations(code, settings);
  const implementations = [...facts.backends.flatMap((backend) => backend.implementations), ...facts.beside];
  const reach = new Reach(code, implementations, references);
  const tables = (found: readonly TableReference[]) => [...new Set(found.map(({ table }) => table))].sort();
  const methods = implementations.flatMap((each) =>
    each.methods.flatMap(({ name, place }) => {
      const found = memberOf(code, each.body, name);
      const reached = "member" in found ? reach.from(found.member) : [];
      if (reached.length === 0) return [];
      return [
        {
          interface: each.interface.name,
          method: name,
          implementation: each.name,
          tables: tables(reached),
          ...at(place),
        },
      ];
    }),
  );
  const { routes, unresolved: open } = readRoutes(code);
  const { calls, unresolved: openCalls } = readCalls(code);
  const { matches } = judgeEndpoints(routes, calls, []);
  const hit = routes
    .map((route) => ({ route, reached: reach.from(route.node) }))
    .filter(({ reached }) => reached.length > 0);
  const endpoints = hit.map(({ route, reached }) => ({
    route: routeText(route),
    tables: tables(reached),
    ...at(route.place),
  }));
  const affected = new Set(hit.map(({ route }) => route));
  const calling = calls.flatMap((call) => {
    const match = matches.get(call);
    return match && "to" in match && affected.has(match.to) ? [{ call, route: routeText(match.to) }] : [];
  });
  const clients = calling.map(({ call, route }) => ({ by: call.by, route, ...at(call.place) }));
  return {
    methods,
    endpoints,
    clients,
    users: usersOf(
      code,
      calling.map(({ call }) => call),
      at,
    ),
    open: [...open, ...(routes.length > 0 ? openCalls : [])],
  };
}

/** Who calls the methods of clients; only files that say such a method are parsed. */
function usersOf(code: CodeBase, calls: readonly ClientCall[], at: At) {
  const wanted = new Map(
    calls.filter(({ by }) => by.includes(".")).map(({ client, by }) => [`${client}.${by.split(".")[1]}`, by]),
  );
  const names = new Set([...wanted.values()].map((by) => by.split(".")[1]!));
  if (names.size === 0) return [];
  const said = new RegExp(`\\.\\s*(?:${[...names].map((name) => name.replace(/\W/g, "\\$&")).join("|")})\\s*\\(`);
  const users: ImpactReport["users"][number][] = [];
  for (const file of code.sources.code) {
    const text = code.sources.text(file);
    const source = text !== null && said.test(text) ? code.sources.parse(file) : null;
    if (source) look(source);
  }
  return users;

  function look(node: ts.Node): void {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      names.has(node.expression.name.text)
    ) {
      const type = typeOf(code, node.expression.expression);
      const holder =
        type && ts.isClassLike(type) && type.name ? `${type.getSourceFile().fileName}#${type.name.text}` : null;
      const calls = holder === null ? undefined : wanted.get(`${holder}.${node.expression.name.text}`);
      if (calls) users.push({ symbol: whoCalls(node).by, calls, ...at(placeOf(node)) });
    }
    ts.forEachChild(node, look);
  }
}
