import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { classAround, fieldAround, type Piece, piecesOf } from "../constant-text.ts";
import { bare } from "../implementations/method-state.ts";

export type Framework = "fastify" | "express" | "hono" | "nest" | "next";

/** What routes are declared on: where it is made or handed in, and what is put before the paths of routes. */
export interface Carrier {
  /** The call or `new` that makes it, or the parameter, field or variable it comes in by. */
  readonly node: ts.Node;
  readonly prefix: readonly Piece[];
  /** Whether it has its whole path already, as after `route("/path")` of Express. */
  readonly whole?: boolean;
  /** Null where it is handed in. */
  readonly made: {
    readonly framework: Framework /** Has no routes before somebody mounts it. */;
    readonly part: boolean;
  } | null;
}

export const VERBS: ReadonlySet<string> = new Set(["get", "post", "put", "patch", "delete", "head", "options", "all"]);
const SELF: ReadonlySet<string> = new Set([
  ...VERBS,
  "use",
  "register",
  "on",
  "withTypeProvider",
  "after",
  "ready",
  "openapi",
  "addHook",
  "decorate",
  "setErrorHandler",
  "notFound",
  "onError",
]);
const DEEPEST = 10;

/** What an expression carries routes on, followed through variables, chains, fields and functions that make it; null for anything else. */
export function carrierOf(code: CodeBase, expression: ts.Node, depth = 0): Carrier | null {
  if (depth > DEEPEST) return null;
  const value = bare(expression);
  if (ts.isIdentifier(value)) return named(code, value, depth);
  if (ts.isPropertyAccessExpression(value) && value.expression.kind === ts.SyntaxKind.ThisKeyword)
    return ofField(code, value, depth);
  if (ts.isNewExpression(value)) {
    const meaning = code.symbols.meaningOf(value.expression);
    const hono = "outside" in meaning && /^(?:hono|@hono\/zod-openapi)(?:\/|$)/.test(meaning.outside);
    return hono ? { node: value, prefix: [], made: { framework: "hono", part: false } } : null;
  }
  return ts.isCallExpression(value) ? ofCall(code, value, depth) : null;
}

function ofCall(code: CodeBase, call: ts.CallExpression, depth: number): Carrier | null {
  const callee = bare(call.expression);
  const meaning =
    ts.isIdentifier(callee) || ts.isPropertyAccessExpression(callee) ? code.symbols.meaningOf(callee) : null;
  if (meaning && "outside" in meaning) {
    if (meaning.outside === "fastify" || meaning.outside === "Fastify") return made(call, "fastify", false);
    if (meaning.outside === "express") {
      const part = meaning.name === "Router" || /Router$/.test(callee.getText());
      return meaning.name === "default" || meaning.name === "express" || part || ts.isIdentifier(callee)
        ? made(call, "express", part)
        : null;
    }
  }
  if (meaning && "declaration" in meaning) {
    const result = resultOf(meaning.declaration);
    return result ? carrierOf(code, result, depth + 1) : null;
  }
  if (!ts.isPropertyAccessExpression(callee)) return null;
  const name = callee.name.text;
  const [first, second] = call.arguments;
  // Express has its Router on what its default import is.
  if (name === "Router" && ts.isIdentifier(callee.expression)) {
    const root = code.symbols.meaningOf(callee.expression);
    if ("outside" in root && root.outside === "express") return made(call, "express", true);
  }
  const inner =
    SELF.has(name) || name === "basePath" || name === "route" ? carrierOf(code, callee.expression, depth + 1) : null;
  if (!inner) return null;
  const prefixed =
    name === "basePath" || (name === "route" && first && !second && !ts.isObjectLiteralExpression(bare(first)));
  if (!prefixed || !first) return inner;
  return { ...inner, prefix: [...inner.prefix, "/", ...piecesOf(code, first)], whole: name === "route" };
}

function made(node: ts.Node, framework: Framework, part: boolean): Carrier {
  return { node, prefix: [], made: { framework, part } };
}

function named(code: CodeBase, name: ts.Identifier, depth: number): Carrier | null {
  const meaning = code.symbols.meaningOf(name);
  if (!("declaration" in meaning)) return null;
  const { declaration } = meaning;
  if (ts.isVariableDeclaration(declaration) && declaration.initializer) {
    // An object that holds several things has no routes of its own.
    return ts.isIdentifier(declaration.name) ? carrierOf(code, declaration.initializer, depth + 1) : null;
  }
  if (ts.isCallExpression(declaration) || ts.isNewExpression(declaration))
    return carrierOf(code, declaration, depth + 1);
  const handed =
    ts.isParameter(declaration) || ts.isBindingElement(declaration) || ts.isVariableDeclaration(declaration);
  return handed ? { node: declaration, prefix: [], made: null } : null;
}

function ofField(code: CodeBase, access: ts.PropertyAccessExpression, depth: number): Carrier | null {
  const field = fieldAround(access, access.name.text);
  if (!field) return null;
  if (ts.isParameter(field)) return { node: field, prefix: [], made: null };
  const value = field.initializer ?? assigned(access);
  return (value && carrierOf(code, value, depth + 1)) ?? { node: field, prefix: [], made: null };
}

function assigned(access: ts.PropertyAccessExpression): ts.Expression | null {
  const built = classAround(access)?.members.find(ts.isConstructorDeclaration);
  for (const statement of built?.body?.statements ?? []) {
    const set =
      ts.isExpressionStatement(statement) && ts.isBinaryExpression(statement.expression) ? statement.expression : null;
    if (set?.operatorToken.kind === ts.SyntaxKind.EqualsToken && set.left.getText() === access.getText())
      return set.right;
  }
  return null;
}

/** What a function returns where that is one expression at the end of it. */
function resultOf(declaration: ts.Node): ts.Expression | null {
  const at = functionOf(declaration);
  if (!at?.body) return null;
  if (!ts.isBlock(at.body)) return at.body;
  const last = at.body.statements.at(-1);
  return last && ts.isReturnStatement(last) ? (last.expression ?? null) : null;
}

/** The function that a declaration is, or holds. */
export function functionOf(
  declaration: ts.Node,
): ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration | null {
  const value =
    ts.isVariableDeclaration(declaration) && declaration.initializer
      ? bare(declaration.initializer)
      : bare(declaration);
  const is =
    ts.isFunctionDeclaration(value) ||
    ts.isFunctionExpression(value) ||
    ts.isArrowFunction(value) ||
    ts.isMethodDeclaration(value);
  return is ? value : null;
}
