import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { type Piece, piecesOf, propertyOf } from "../constant-text.ts";
import { bare } from "../implementations/method-state.ts";
import { placeOf } from "../sources.ts";
import { type Route, routeSegments, type Unresolved, underneath, unknownIn } from "./route.ts";

const VERBS: Readonly<Record<string, string>> = {
  Get: "GET",
  Post: "POST",
  Put: "PUT",
  Patch: "PATCH",
  Delete: "DELETE",
  Head: "HEAD",
  Options: "OPTIONS",
  All: "*",
  Sse: "GET",
};

/** Routes that decorators declare on the controllers of Nest, under the global prefix where one is set. */
export function nestRoutes(code: CodeBase): { routes: Route[]; unresolved: Unresolved[] } {
  const routes: Route[] = [];
  const unresolved: Unresolved[] = [];
  const prefix = globalPrefix(code);
  for (const source of parsed(code, /@Controller\s*\(/)) look(source);
  return { routes, unresolved };

  function look(node: ts.Node): void {
    if (ts.isClassLike(node)) {
      const controller = decoration(code, node, (name) => name === "Controller");
      if (controller) ofController(node, controller.call);
    }
    ts.forEachChild(node, look);
  }

  function ofController({ members }: ts.ClassLikeDeclaration, call: ts.CallExpression): void {
    for (const base of pathsIn(call)) {
      for (const member of members) {
        const found = decoration(code, member, (name) => name in VERBS);
        if (!found) continue;
        for (const path of pathsIn(found.call)) {
          const pieces = underneath(underneath(prefix, base), path);
          const ways = routeSegments(pieces);
          const place = placeOf(found.call);
          const method = VERBS[found.name]!;
          if (ways === null) unresolved.push({ what: `a route of ${method}`, why: unknownIn(pieces), place });
          for (const segments of ways ?? []) routes.push({ method, segments, framework: "nest", place, node: member });
        }
      }
    }
  }

  function pathsIn({ arguments: [first] }: ts.CallExpression): Piece[][] {
    const value = first && (propertyOf(code, first, "path") ?? first);
    if (!value || ts.isObjectLiteralExpression(bare(value))) return [[]];
    const list = bare(value);
    return (ts.isArrayLiteralExpression(list) ? [...list.elements] : [value]).map((one) => piecesOf(code, one));
  }
}

function decoration(code: CodeBase, node: ts.Node, wanted: (name: string) => boolean) {
  for (const { expression } of ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : []) {
    if (!ts.isCallExpression(expression) || !ts.isIdentifier(expression.expression)) continue;
    const meaning = code.symbols.meaningOf(expression.expression);
    if ("outside" in meaning && meaning.outside === "@nestjs/common" && wanted(meaning.name))
      return { name: meaning.name, call: expression };
  }
  return null;
}

function globalPrefix(code: CodeBase): Piece[] {
  for (const source of parsed(code, /\.setGlobalPrefix\s*\(/)) {
    let found: Piece[] | null = null;
    const look = (node: ts.Node): void => {
      const named =
        ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        node.expression.name.text === "setGlobalPrefix";
      if (named && node.arguments[0]) found = piecesOf(code, node.arguments[0]);
      ts.forEachChild(node, look);
    };
    look(source);
    if (found) return found;
  }
  return [];
}

function* parsed(code: CodeBase, mark: RegExp): Generator<ts.SourceFile> {
  for (const file of code.sources.code) {
    const text = code.sources.text(file);
    const source = text !== null && mark.test(text) ? code.sources.parse(file) : null;
    if (source) yield source;
  }
}
