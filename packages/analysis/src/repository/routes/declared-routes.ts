import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { type Piece, piecesOf, propertyOf } from "../constant-text.ts";
import { bare } from "../implementations/method-state.ts";
import { placeOf } from "../sources.ts";
import { type Carrier, carrierOf, type Framework, functionOf, VERBS } from "./carriers.ts";
import { type Route, routeSegments, type Unresolved, underneath, unknownIn } from "./route.ts";
import { routeUses, type Use } from "./route-uses.ts";

/** Routes that calls declare (Fastify, Express, Hono), followed from where an application is made through plugins, prefixes and mounts. */
export function declaredRoutes(code: CodeBase): { routes: Route[]; unresolved: Unresolved[] } {
  const walk = new Walk(code, routeUses(code));
  walk.fromRoots();
  walk.rest();
  return { routes: walk.routes, unresolved: walk.unresolved };
}

class Walk {
  readonly routes: Route[] = [];
  readonly unresolved: Unresolved[] = [];
  readonly #code: CodeBase;
  readonly #uses: ReadonlyMap<ts.Node, readonly Use[]>;
  readonly #visited = new Map<ts.Node, Set<string>>();

  constructor(code: CodeBase, uses: ReadonlyMap<ts.Node, readonly Use[]>) {
    this.#code = code;
    this.#uses = uses;
  }

  fromRoots(): void {
    const mounted = this.#mounted();
    for (const [node, uses] of this.#uses) {
      const made = uses.find(({ carrier }) => carrier.made)?.carrier.made;
      if (made && !made.part && !mounted.has(node)) this.#visit(node, [], made.framework);
    }
  }

  /** Says of routes that nothing leads to that nobody knows where they are. */
  rest(): void {
    for (const [node, uses] of this.#uses) {
      if (this.#visited.has(node)) continue;
      const made = uses.find(({ carrier }) => carrier.made)?.carrier.made;
      const typed = ts.isParameter(node) && /Fastify|Express|Router|Hono/.test(node.type?.getText() ?? "");
      const [first] = uses.filter((use) => use.kind === "called" && VERBS.has(use.method));
      if (!first || !(made || typed)) continue;
      const what = made ? "a router" : "a plugin";
      const why = `${what} with routes is not seen to be ${made ? "mounted" : "registered"} anywhere`;
      this.unresolved.push({ what: "routes", why, place: placeOf(node) });
    }
  }

  #mounted(): Set<ts.Node> {
    const mounted = new Set<ts.Node>();
    for (const use of [...this.#uses.values()].flat()) {
      if (use.kind !== "called" || !(use.method === "use" || use.method === "route")) continue;
      for (const argument of use.call.arguments) {
        const carrier = carrierOf(this.#code, argument);
        if (carrier?.made) mounted.add(carrier.node);
      }
    }
    return mounted;
  }

  #visit(node: ts.Node, prefix: readonly Piece[], framework: Framework): void {
    // A plugin that registers itself, or mounts that go around, would never end.
    const key = prefix.map((piece) => (typeof piece === "string" ? piece : piece.getText())).join("");
    const seen = this.#visited.get(node) ?? new Set();
    if (seen.has(key) || key.length > 500) return;
    this.#visited.set(node, seen.add(key));
    for (const use of this.#uses.get(node) ?? []) {
      const here = underneath(prefix, use.carrier.prefix);
      if (use.kind === "handed") this.#visit(use.parameter, here, framework);
      else if (VERBS.has(use.method)) this.#verb(use, here, framework);
      else this.#other(use, here, framework);
    }
  }

  #verb({ call, method, carrier }: Use & { kind: "called" }, prefix: readonly Piece[], framework: Framework): void {
    const [first, second] = call.arguments;
    if (!first) return;
    const chained = carrier.whole === true;
    // Express reads a setting by `get` with one word.
    if (!second && !chained) return;
    const paths = chained ? [null] : listed(first);
    for (const path of paths) {
      const pieces = path ? underneath(prefix, piecesOf(this.#code, path)) : prefix;
      this.#add(method === "all" ? "*" : method.toUpperCase(), pieces, framework, call);
    }
  }

  #other({ call, method, carrier }: Use & { kind: "called" }, prefix: readonly Piece[], framework: Framework): void {
    const [first, second] = call.arguments;
    if (!first) return;
    if (method === "register") this.#register(call, prefix, framework);
    else if (method === "use") this.#mount(call, prefix, framework);
    else if (method === "route" && second) this.#mountAt(first, second, prefix, framework);
    else if (method === "on" && second) this.#on(call, prefix, framework);
    else if ((method === "route" || method === "openapi") && propertyOf(this.#code, first, "method"))
      this.#asObject(first, call, prefix, framework);
    else if (method === "route" && carrier.made?.framework === "fastify" && !ts.isStringLiteralLike(bare(first)))
      this.unresolved.push({
        what: "a route",
        why: `${first.getText().slice(0, 80)} cannot be followed`,
        place: placeOf(call),
      });
  }

  #asObject(options: ts.Expression, call: ts.Node, prefix: readonly Piece[], framework: Framework): void {
    const path = propertyOf(this.#code, options, "url") ?? propertyOf(this.#code, options, "path");
    const pieces = path ? underneath(prefix, piecesOf(this.#code, path)) : prefix;
    for (const method of this.#methods(propertyOf(this.#code, options, "method")))
      this.#add(method, pieces, framework, call);
  }

  #on(call: ts.CallExpression, prefix: readonly Piece[], framework: Framework): void {
    const [methods, paths] = call.arguments;
    for (const path of listed(paths!))
      for (const method of this.#methods(methods!))
        this.#add(method, underneath(prefix, piecesOf(this.#code, path)), framework, call);
  }

  #methods(value: ts.Expression | null): string[] {
    return (value ? listed(value) : []).map((one) =>
      piecesOf(this.#code, one)
        .map((piece) => (typeof piece === "string" ? piece.toUpperCase() : "*"))
        .join(""),
    );
  }

  #mountAt(path: ts.Expression, sub: ts.Expression, prefix: readonly Piece[], framework: Framework): void {
    const carrier = carrierOf(this.#code, sub);
    if (carrier) this.#enter(carrier, underneath(prefix, piecesOf(this.#code, path)), framework);
  }

  #mount(call: ts.CallExpression, prefix: readonly Piece[], framework: Framework): void {
    const [first] = call.arguments;
    const carriers = call.arguments.flatMap((argument) => carrierOf(this.#code, argument) ?? []);
    const pathless = carrierOf(this.#code, first!) !== null || isHandler(first!);
    for (const path of pathless ? [null] : listed(first!))
      for (const carrier of carriers)
        this.#enter(carrier, path ? underneath(prefix, piecesOf(this.#code, path)) : prefix, framework);
  }

  #enter(carrier: Carrier, prefix: readonly Piece[], framework: Framework): void {
    this.#visit(carrier.node, prefix, carrier.made?.framework ?? framework);
  }

  #register(call: ts.CallExpression, prefix: readonly Piece[], framework: Framework): void {
    const [plugin, options] = call.arguments;
    const said = propertyOf(this.#code, options, "prefix");
    const below = said ? underneath(prefix, piecesOf(this.#code, said)) : prefix;
    const found = this.#plugin(plugin!, false);
    if (found === null) return;
    if (typeof found === "string") {
      if (said) this.unresolved.push({ what: "a plugin", why: found, place: placeOf(call) });
      return;
    }
    const [instance] = found.taker.parameters;
    // fastify-plugin takes away the encapsulation, and the prefix with it.
    if (instance) this.#visit(instance, found.open ? prefix : below, framework);
  }

  /** The function of a plugin; null for one from outside, a reason where it cannot be followed. */
  #plugin(
    expression: ts.Node,
    open: boolean,
    depth = 0,
  ): { taker: ts.SignatureDeclaration; open: boolean } | string | null {
    const value = bare(expression);
    const taker = functionOf(value);
    if (taker) return { taker, open };
    if (depth > 6) return `${value.getText().slice(0, 80)} leads too far`;
    if (ts.isCallExpression(value)) {
      if (value.expression.kind === ts.SyntaxKind.ImportKeyword)
        return this.#leadsTo(this.#code.symbols.importedModule(value), value, open, depth);
      const callee = ts.isIdentifier(value.expression) ? this.#code.symbols.meaningOf(value.expression) : null;
      const [wrapped] = value.arguments;
      if (callee && "outside" in callee)
        return callee.outside === "fastify-plugin" && wrapped ? this.#plugin(wrapped, true, depth + 1) : null;
      const made = callee && "declaration" in callee ? functionOf(callee.declaration) : null;
      const result =
        made?.body &&
        (ts.isBlock(made.body) ? made.body.statements.findLast(ts.isReturnStatement)?.expression : made.body);
      return result ? this.#plugin(result, open, depth + 1) : `${value.getText().slice(0, 80)} cannot be followed`;
    }
    if (!ts.isIdentifier(value) && !ts.isPropertyAccessExpression(value))
      return `${value.getText().slice(0, 80)} cannot be followed`;
    return this.#leadsTo(this.#code.symbols.meaningOf(value), value, open, depth);
  }

  #leadsTo(meaning: ReturnType<CodeBase["symbols"]["meaningOf"]>, value: ts.Node, open: boolean, depth: number) {
    if ("outside" in meaning) return null;
    if ("unresolved" in meaning) return `${value.getText().slice(0, 80)} cannot be followed: ${meaning.unresolved}`;
    const { declaration } = meaning;
    const taker = functionOf(declaration);
    if (taker) return { taker, open };
    const next = ts.isVariableDeclaration(declaration)
      ? declaration.initializer
      : ts.isExpression(declaration)
        ? declaration
        : null;
    return next ? this.#plugin(next, open, depth + 1) : `${value.getText().slice(0, 80)} is known only when it runs`;
  }

  #add(method: string, pieces: readonly Piece[], framework: Framework, call: ts.Node): void {
    const place = placeOf(call);
    const ways = routeSegments(pieces);
    if (ways === null) this.unresolved.push({ what: `a route of ${method}`, why: unknownIn(pieces), place });
    for (const segments of ways ?? []) this.routes.push({ method, segments, framework, place, node: call });
  }
}

function isHandler(node: ts.Node): boolean {
  const value = bare(node);
  return (
    ts.isArrowFunction(value) ||
    ts.isFunctionExpression(value) ||
    ts.isCallExpression(value) ||
    ts.isPropertyAccessExpression(value)
  );
}

/** The elements of a list, or the one value. */
function listed(value: ts.Expression): readonly ts.Expression[] {
  const list = bare(value);
  return ts.isArrayLiteralExpression(list) ? [...list.elements] : [value];
}
