import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { fieldAround, type Piece, piecesOf, propertyOf } from "../constant-text.ts";
import { bare } from "../implementations/method-state.ts";

/** What a call of a library for requests asks for: where the path stands, and where the method. */
export interface Sending {
  readonly path: ts.Expression;
  /** What the library puts before the path; null where nothing shows it. */
  readonly base: readonly Piece[] | null;
  /** Fixed, or written in an object of options with GET for none. */
  readonly method: { readonly fixed: string } | { readonly options: ts.Expression | undefined };
}

const VERBS: ReadonlySet<string> = new Set(["get", "post", "put", "patch", "delete", "head", "options"]);
const LIBRARIES: ReadonlySet<string> = new Set([
  "axios",
  "ky",
  "got",
  "ofetch",
  "node-fetch",
  "undici",
  "openapi-fetch",
  "cross-fetch",
  "wretch",
]);
const BASES = ["baseURL", "baseUrl", "prefixUrl", "prefix"];
const DEEPEST = 6;

/** What a call sends by fetch, axios, ky, got, ofetch or openapi-fetch; null for any other call. */
export function sendingOf(code: CodeBase, call: ts.CallExpression): Sending | null {
  const callee = bare(call.expression);
  const [first, second] = call.arguments;
  if (!first) return null;
  if (ts.isPropertyAccessExpression(callee)) {
    const name = callee.name.text;
    if (/^(?:globalThis|window|self)\.fetch$/.test(callee.getText()) || isFetchField(callee))
      return asFetch(first, second, []);
    const library = libraryOf(code, callee.expression);
    if (!library) return null;
    const { base } = library;
    if (VERBS.has(name.toLowerCase())) return { path: first, base, method: { fixed: name.toUpperCase() } };
    if (name === "request") return asConfig(code, first, base) ?? asFetch(first, second, base);
    return name === "raw" || name === "fetch" ? asFetch(first, second, base) : null;
  }
  if (!ts.isIdentifier(callee)) return null;
  if (isFetch(code, callee)) return asFetch(first, second, []);
  const library = libraryOf(code, callee);
  if (!library) return null;
  // An object without an address makes an instance.
  if (ts.isObjectLiteralExpression(bare(first))) return asConfig(code, first, library.base);
  return asFetch(first, second, library.base);
}

function asFetch(path: ts.Expression, options: ts.Expression | undefined, base: readonly Piece[] | null): Sending {
  return { path, base, method: { options } };
}

function asConfig(code: CodeBase, config: ts.Expression, base: readonly Piece[] | null): Sending | null {
  const path = ts.isObjectLiteralExpression(bare(config)) ? propertyOf(code, config, "url") : null;
  return path && { path, base, method: { options: config } };
}

/** The global fetch, or something that is declared to be one. */
function isFetch(code: CodeBase, name: ts.Identifier): boolean {
  const meaning = code.symbols.meaningOf(name);
  if ("unresolved" in meaning) return name.text === "fetch" || name.text === "$fetch";
  if ("outside" in meaning)
    return (
      (meaning.name === "fetch" || meaning.name === "default") &&
      /fetch|undici/.test(meaning.outside) &&
      !/openapi/.test(meaning.outside)
    );
  const { declaration } = meaning;
  const typed = (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration)) && declaration.type;
  if (typed && /\bfetch\b/i.test(typed.getText())) return true;
  const value = (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration)) && declaration.initializer;
  return Boolean(value) && /(?:^|\.)fetch$/.test((value as ts.Expression).getText());
}

function isFetchField(callee: ts.PropertyAccessExpression): boolean {
  if (callee.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
  const field = fieldAround(callee, callee.name.text);
  return (
    field !== null &&
    (/\bfetch\b/i.test(field.type?.getText() ?? "") || /(?:^|\.)fetch\b/.test(field.initializer?.getText() ?? ""))
  );
}

/** Whether an expression is a library for requests or an instance that it made, with its base. */
function libraryOf(code: CodeBase, expression: ts.Node, depth = 0): { base: readonly Piece[] | null } | null {
  if (depth > DEEPEST) return null;
  const value = bare(expression);
  if (ts.isCallExpression(value)) {
    const callee = bare(value.expression);
    const maker = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
    const made = !ts.isPropertyAccessExpression(callee) || /^(?:create|extend|defaults)$/.test(callee.name.text);
    const library = made ? libraryOf(code, maker, depth + 1) : null;
    if (!library) return null;
    const said = BASES.map((name) => propertyOf(code, value.arguments[0], name)).find((one) => one !== null);
    return { base: said ? piecesOf(code, said) : library.base };
  }
  if (ts.isPropertyAccessExpression(value) && value.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const field = fieldAround(value, value.name.text);
    if (!field) return null;
    if (field.initializer) return libraryOf(code, field.initializer, depth + 1);
    const type = field.type && ts.isTypeReferenceNode(field.type) ? code.symbols.meaningOf(field.type.typeName) : null;
    if (type && "outside" in type && LIBRARIES.has(type.outside)) return { base: null };
    const set = assignedTo(value);
    return set && libraryOf(code, set, depth + 1);
  }
  if (!ts.isIdentifier(value)) return null;
  const meaning = code.symbols.meaningOf(value);
  if ("outside" in meaning) return LIBRARIES.has(meaning.outside) ? { base: [] } : null;
  if ("unresolved" in meaning) return null;
  const { declaration } = meaning;
  const typed = (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration)) && declaration.type;
  const type = typed && ts.isTypeReferenceNode(typed) ? code.symbols.meaningOf(typed.typeName) : null;
  if (type && "outside" in type && LIBRARIES.has(type.outside)) return { base: null };
  return ts.isVariableDeclaration(declaration) && declaration.initializer && ts.isIdentifier(declaration.name)
    ? libraryOf(code, declaration.initializer, depth + 1)
    : null;
}

function assignedTo(access: ts.PropertyAccessExpression): ts.Expression | null {
  let at: ts.Node | undefined = access;
  while (at && !ts.isClassLike(at)) at = at.parent;
  const built = at?.members.find(ts.isConstructorDeclaration);
  for (const statement of built?.body?.statements ?? []) {
    const set =
      ts.isExpressionStatement(statement) && ts.isBinaryExpression(statement.expression) ? statement.expression : null;
    if (set && set.left.getText() === access.getText()) return set.right;
  }
  return null;
}
