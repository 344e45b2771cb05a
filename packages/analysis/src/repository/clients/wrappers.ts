import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { type Piece, piecesOf, propertyOf } from "../constant-text.ts";
import { bare } from "../implementations/method-state.ts";
import { functionOf } from "../routes/carriers.ts";
import { type Sending, sendingOf } from "./senders.ts";

/** A function or method that sends what it is given a path for. */
export interface Wrapper {
  readonly node: ts.SignatureDeclaration;
  /** Which argument the path is. */
  readonly path: number;
  readonly before: readonly Piece[];
  readonly method:
    | { readonly fixed: string }
    | { readonly argument: number; readonly otherwise: string }
    | { readonly optionOf: number; readonly otherwise: string };
}

/** A call that sends: to be read by itself, or through the wrapper it calls. */
export type SentCall = { readonly sending: Sending } | { readonly wrapper: Wrapper };

/** Finds out of calls whether they send, directly or through wrappers around wrappers. */
export class Wrappers {
  readonly #code: CodeBase;
  readonly #known = new Map<ts.Node, Wrapper | null>();

  constructor(code: CodeBase) {
    this.#code = code;
  }

  sent(call: ts.CallExpression): SentCall | null {
    const sending = sendingOf(this.#code, call);
    if (sending) return { sending };
    const target = this.#targetOf(call);
    const wrapper = target && this.wrapperOf(target);
    return wrapper ? { wrapper } : null;
  }

  /** Null for a function that is none. */
  wrapperOf(node: ts.SignatureDeclaration): Wrapper | null {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    // While a function is being looked at it is none, so that one which calls itself ends.
    this.#known.set(node, null);
    const found = this.#look(node);
    this.#known.set(node, found);
    return found;
  }

  #look(node: ts.SignatureDeclaration): Wrapper | null {
    const body = "body" in node ? (node.body as ts.Node | undefined) : undefined;
    if (!body || node.parameters.length === 0 || body.getWidth() > 8_000) return null;
    let found: Wrapper | null = null;
    const look = (at: ts.Node): void => {
      if (found || (ts.isFunctionLike(at) && at !== node && !ts.isArrowFunction(at))) return;
      if (ts.isCallExpression(at)) found = this.#through(node, at);
      if (!found) ts.forEachChild(at, look);
    };
    look(body);
    return found;
  }

  /** The wrapper that a function is by one of the calls in it: its path goes on into that of the call. */
  #through(node: ts.SignatureDeclaration, call: ts.CallExpression): Wrapper | null {
    const sent = this.sent(call);
    if (!sent) return null;
    const inner = "wrapper" in sent ? call.arguments[sent.wrapper.path] : sent.sending.path;
    if (!inner) return null;
    const pieces = piecesOf(this.#code, resolvedUrl(this.#code, inner));
    const at = pieces.findIndex((piece) => typeof piece !== "string" && parameterIndex(node, piece) >= 0);
    // What comes behind a parameter belongs to one path, and the function is a method of a client rather than a wrapper.
    if (at < 0 || pieces.slice(at + 1).some((piece) => typeof piece === "string" && /[\w/]/.test(piece))) return null;
    const before = pieces.slice(0, at);
    const own = before.filter((piece) => typeof piece === "string").join("");
    const called = /path|url|endpoint|route|uri|resource/i.test((pieces[at] as ts.Node).getText());
    if (!called && own.replace(/^\w+:\/\//, "").includes("/")) return null;
    const outer = "wrapper" in sent ? sent.wrapper.before : (sent.sending.base ?? []);
    const path = parameterIndex(node, pieces[at] as ts.Node);
    const method = "wrapper" in sent ? this.#passedOn(node, call, sent.wrapper) : this.#methodIn(node, sent.sending);
    return { node, path, before: [...outer, ...before], method };
  }

  #passedOn(node: ts.SignatureDeclaration, call: ts.CallExpression, { method }: Wrapper): Wrapper["method"] {
    if ("fixed" in method) return method;
    const value = call.arguments["argument" in method ? method.argument : method.optionOf];
    if ("argument" in method) return this.#fromValue(node, value, method.otherwise);
    return this.#fromOptions(node, value, method.otherwise);
  }

  #methodIn(node: ts.SignatureDeclaration, { method }: Sending): Wrapper["method"] {
    return "fixed" in method ? method : this.#fromOptions(node, method.options, "GET");
  }

  #fromOptions(
    node: ts.SignatureDeclaration,
    options: ts.Expression | undefined,
    otherwise: string,
  ): Wrapper["method"] {
    if (!options) return { fixed: otherwise };
    const handed = parameterIndex(node, bare(options));
    if (handed >= 0) return { optionOf: handed, otherwise };
    const said = propertyOf(this.#code, options, "method");
    if (said) return this.#fromValue(node, said, otherwise);
    const value = bare(options);
    const spread = ts.isObjectLiteralExpression(value) ? value.properties.find(ts.isSpreadAssignment) : undefined;
    const from = spread ? parameterIndex(node, bare(spread.expression)) : -1;
    return from >= 0 ? { optionOf: from, otherwise } : { fixed: otherwise };
  }

  #fromValue(node: ts.SignatureDeclaration, value: ts.Expression | undefined, otherwise: string): Wrapper["method"] {
    if (!value) return { fixed: otherwise };
    const said = bare(value);
    if (ts.isStringLiteralLike(said)) return { fixed: said.text.toUpperCase() };
    if (ts.isBinaryExpression(said)) {
      const other = bare(said.right);
      return this.#fromValue(node, said.left, ts.isStringLiteralLike(other) ? other.text.toUpperCase() : otherwise);
    }
    const at = parameterIndex(node, said);
    if (at >= 0) return { argument: at, otherwise: defaultOf(node.parameters[at]?.initializer) ?? otherwise };
    if (ts.isPropertyAccessExpression(said)) {
      const holder = parameterIndex(node, said.expression);
      return holder >= 0 ? { optionOf: holder, otherwise } : { fixed: otherwise };
    }
    return this.#fromElement(node, said, otherwise);
  }

  /** `const { method = "GET" } = options`, or the same in the parameter. */
  #fromElement(node: ts.SignatureDeclaration, said: ts.Node, otherwise: string): Wrapper["method"] {
    const meaning = ts.isIdentifier(said) ? this.#code.symbols.meaningOf(said) : null;
    const element =
      meaning && "declaration" in meaning && ts.isBindingElement(meaning.declaration) ? meaning.declaration : null;
    if (!element) return { fixed: otherwise };
    const holder = element.parent.parent;
    const byDefault = defaultOf(element.initializer) ?? otherwise;
    if (ts.isParameter(holder)) return { optionOf: node.parameters.indexOf(holder), otherwise: byDefault };
    const from =
      ts.isVariableDeclaration(holder) && holder.initializer ? parameterIndex(node, bare(holder.initializer)) : -1;
    return from >= 0 ? { optionOf: from, otherwise: byDefault } : { fixed: byDefault };
  }

  #targetOf(call: ts.CallExpression): ts.SignatureDeclaration | null {
    const callee = bare(call.expression);
    if (ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword)
      return this.#methodOf(classAt(call), callee.name.text);
    if (ts.isPropertyAccessExpression(callee)) return this.#ofObject(callee);
    if (!ts.isIdentifier(callee)) return null;
    const meaning = this.#code.symbols.meaningOf(callee);
    return "declaration" in meaning ? functionOf(meaning.declaration) : null;
  }

  /** A method of an object or of a field whose class is known: `this.http.get`, `http.get`. */
  #ofObject({ expression, name }: ts.PropertyAccessExpression): ts.SignatureDeclaration | null {
    const typed = typeOfValue(this.#code, expression);
    const type = typed ? this.#code.symbols.meaningOf(typed) : null;
    if (type && "declaration" in type && ts.isClassLike(type.declaration))
      return this.#methodOf(type.declaration, name.text);
    const meaning = ts.isIdentifier(expression) ? this.#code.symbols.meaningOf(expression) : null;
    const declared =
      meaning && "declaration" in meaning && ts.isVariableDeclaration(meaning.declaration) ? meaning.declaration : null;
    const object = declared?.initializer && bare(declared.initializer);
    if (!object || !ts.isObjectLiteralExpression(object)) return null;
    const member = object.properties.find((property) => property.name?.getText() === name.text);
    if (member && ts.isMethodDeclaration(member)) return member;
    return member && ts.isPropertyAssignment(member) ? functionOf(member.initializer) : null;
  }

  #methodOf(body: ts.ClassLikeDeclaration | null, name: string, depth = 0): ts.SignatureDeclaration | null {
    if (!body || depth > 5) return null;
    for (const member of body.members) {
      if (member.name?.getText() !== name) continue;
      if (ts.isMethodDeclaration(member) && member.body) return member;
      if (ts.isPropertyDeclaration(member) && member.initializer) return functionOf(member.initializer);
    }
    const base = body.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    const meaning = base && this.#code.symbols.meaningOf(base.expression);
    return meaning && "declaration" in meaning && ts.isClassLike(meaning.declaration)
      ? this.#methodOf(meaning.declaration, name, depth + 1)
      : null;
  }
}

/** `new URL(path, base)` and `String(path)` are their path; a variable that is set once is what it is set to. */
export function resolvedUrl(code: CodeBase, expression: ts.Expression): ts.Expression {
  const value = bare(expression);
  const [first] = ts.isNewExpression(value) || ts.isCallExpression(value) ? (value.arguments ?? []) : [];
  if (ts.isNewExpression(value) && value.expression.getText() === "URL" && first) return first;
  if (ts.isCallExpression(value) && /^(?:String|encodeURI)$/.test(value.expression.getText()) && first)
    return resolvedUrl(code, first);
  if (
    ts.isCallExpression(value) &&
    ts.isPropertyAccessExpression(value.expression) &&
    value.expression.name.text === "toString"
  )
    return resolvedUrl(code, value.expression.expression);
  if (ts.isPropertyAccessExpression(value) && value.name.text === "href") return resolvedUrl(code, value.expression);
  if (ts.isIdentifier(value)) {
    const meaning = code.symbols.meaningOf(value);
    const declared =
      "declaration" in meaning && ts.isVariableDeclaration(meaning.declaration)
        ? meaning.declaration.initializer
        : undefined;
    const made = declared && bare(declared);
    if (made && (ts.isNewExpression(made) || ts.isTemplateExpression(made) || ts.isCallExpression(made)))
      return resolvedUrl(code, made);
  }
  return value as ts.Expression;
}

function classAt(node: ts.Node): ts.ClassLikeDeclaration | null {
  let at: ts.Node | undefined = node;
  while (at && !ts.isClassLike(at)) at = at.parent;
  return at ?? null;
}

function typeOfValue(code: CodeBase, value: ts.Expression): ts.EntityName | null {
  const field =
    ts.isPropertyAccessExpression(value) && value.expression.kind === ts.SyntaxKind.ThisKeyword
      ? value.name.text
      : null;
  const body = field ? classAt(value) : null;
  for (const member of body?.members ?? []) {
    const own = ts.isConstructorDeclaration(member)
      ? member.parameters.find((one) => one.name.getText() === field)
      : member;
    if (!own || (!ts.isParameter(own) && !(ts.isPropertyDeclaration(own) && own.name.getText() === field))) continue;
    if (own.type && ts.isTypeReferenceNode(own.type)) return own.type.typeName;
    if (own.initializer && ts.isNewExpression(own.initializer) && ts.isIdentifier(own.initializer.expression))
      return own.initializer.expression;
  }
  const meaning = ts.isIdentifier(value) ? code.symbols.meaningOf(value) : null;
  const declared = meaning && "declaration" in meaning ? meaning.declaration : null;
  if (!declared || !(ts.isVariableDeclaration(declared) || ts.isParameter(declared))) return null;
  if (declared.type && ts.isTypeReferenceNode(declared.type)) return declared.type.typeName;
  const made = declared.initializer && bare(declared.initializer);
  return made && ts.isNewExpression(made) && ts.isIdentifier(made.expression) ? made.expression : null;
}

function parameterIndex(node: ts.SignatureDeclaration, value: ts.Node): number {
  const name = bare(value);
  return ts.isIdentifier(name) ? node.parameters.findIndex((parameter) => parameter.name.getText() === name.text) : -1;
}

function defaultOf(value: ts.Expression | undefined): string | null {
  return value && ts.isStringLiteralLike(value) ? value.text.toUpperCase() : null;
}
