import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { type Piece, piecesOf, propertyOf, textIn } from "../constant-text.ts";
import { bare } from "../implementations/method-state.ts";
import { type Unresolved, unknownIn } from "../routes/route.ts";
import { type CodePlace, placeOf } from "../sources.ts";
import { callPath } from "./call-path.ts";
import { resolvedUrl, type SentCall, Wrappers } from "./wrappers.ts";

/** A call of a service. */
export interface ClientCall {
  readonly method: string;
  /** Segments with parameters blanked as `{}`. */
  readonly segments: readonly string[];
  /** Whether an address that is only known when it runs stands before it. */
  readonly behind: boolean;
  readonly place: CodePlace;
  /** The method or function that calls, such as `ShopClient.getUser`. */
  readonly by: string;
  /** The class or file that it belongs to. */
  readonly client: string;
  /** Whether it goes through a client's own function or a library's instance rather than a bare fetch. */
  readonly wrapped: boolean;
}

/** A path or an address in quotes; files without one are left unparsed. */
const PATH = /["'`}](?:https?:\/\/[^"'`]*)?\/[\w${]/;
/** The same as an argument, or a word of what sends: of the files with paths most only show them. */
const SENT =
  /[(,]\s*["'`](?:https?:\/\/[^"'`]*|\$\{[^`}]*\})?\/[\w${]|\b(?:fetch|axios|ky|got|request)\b|\.\s*(?:get|post|put|patch|delete)\s*[<(]/i;

/** The calls that a repository makes to services of its own, by fetch, libraries and wrappers around them, and those that could not be followed. */
export function readCalls(code: CodeBase): { calls: readonly ClientCall[]; unresolved: readonly Unresolved[] } {
  const calls: ClientCall[] = [];
  const unresolved: Unresolved[] = [];
  const wrappers = new Wrappers(code);
  for (const file of code.sources.code) {
    const text = code.sources.text(file);
    const source = text !== null && PATH.test(text) && SENT.test(text) ? code.sources.parse(file) : null;
    if (source) look(source);
  }
  return { calls, unresolved };

  function look(node: ts.Node): void {
    if (ts.isCallExpression(node) && node.arguments.length > 0) inspect(node);
    ts.forEachChild(node, look);
  }

  function inspect(call: ts.CallExpression): void {
    const sent = wrappers.sent(call);
    if (!sent || isInside(call, sent)) return;
    const expression = "wrapper" in sent ? call.arguments[sent.wrapper.path] : sent.sending.path;
    if (!expression) return;
    const own = piecesOf(code, resolvedUrl(code, expression));
    const base = "wrapper" in sent ? sent.wrapper.before : (sent.sending.base ?? []);
    const pieces = withBase(base, own);
    const path = callPath(code, pieces);
    const place = placeOf(call);
    if (path === null) {
      unresolved.push({ what: "a call", why: unknownIn(pieces), place });
      return;
    }
    if (path.host !== null) return;
    const method = methodOf(call, sent);
    if (method === null) {
      unresolved.push({
        what: `a call of /${path.segments.join("/")}`,
        why: "its method is only known when it runs",
        place,
      });
      return;
    }
    const behind = path.behind || ("sending" in sent && sent.sending.base === null);
    const wrapped = "wrapper" in sent || sent.sending.base === null || sent.sending.base.length > 0;
    calls.push({ method, segments: path.segments, behind, place, wrapped, ...whoCalls(call) });
  }

  /** The call inside a wrapper is made by those who call the wrapper. */
  function isInside(call: ts.CallExpression, sent: SentCall): boolean {
    for (let at: ts.Node = call; !ts.isSourceFile(at); at = at.parent) {
      const wrapper = ts.isFunctionLike(at) ? wrappers.wrapperOf(at as ts.SignatureDeclaration) : null;
      if (!wrapper) continue;
      const name = wrapper.node.parameters[wrapper.path]!.name.getText();
      const expression = "wrapper" in sent ? call.arguments[sent.wrapper.path] : sent.sending.path;
      const pieces = expression ? piecesOf(code, resolvedUrl(code, expression)) : [];
      if (pieces.some((piece) => typeof piece !== "string" && bare(piece).getText() === name)) return true;
    }
    return false;
  }

  function methodOf(call: ts.CallExpression, sent: SentCall): string | null {
    const { method } = "wrapper" in sent ? sent.wrapper : sent.sending;
    if ("fixed" in method) return method.fixed;
    if ("argument" in method) return said(call.arguments[method.argument], method.otherwise);
    const options = "options" in method ? method.options : call.arguments[method.optionOf];
    return said(propertyOf(code, options, "method") ?? undefined, "otherwise" in method ? method.otherwise : "GET");
  }

  function said(value: ts.Expression | undefined, otherwise: string): string | null {
    return value ? (textIn(piecesOf(code, value))?.toUpperCase() ?? null) : otherwise;
  }
}

/** A path that begins with an address of its own takes no base; a base and a path have one slash between them. */
function withBase(base: readonly Piece[], own: readonly Piece[]): Piece[] {
  const [first] = own;
  const whole = typeof first === "string" && /^\w+:\/\//.test(first);
  if (whole || base.length === 0) return [...own];
  return typeof first === "string" && !/^[/?]/.test(first) ? [...base, "/", ...own] : [...base, ...own];
}

/** Who a call is made by, as people know it, and the class or file that is the client. */
export function whoCalls(call: ts.Node): { by: string; client: string } {
  const { fileName } = call.getSourceFile();
  let name = "";
  for (let at: ts.Node = call; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isClassLike(at)) {
      const body = at.name?.text ?? "class";
      return { by: name ? `${body}.${name}` : body, client: `${fileName}#${body}` };
    }
    // The outermost function of a method is what people know it by.
    const named = nameAt(at);
    if (named) name = named;
  }
  return { by: name || fileName, client: fileName };
}

function nameAt(node: ts.Node): string | null {
  if (ts.isMethodDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node))
    return node.name.getText();
  if (ts.isFunctionDeclaration(node)) return node.name?.text ?? null;
  if (!ts.isVariableDeclaration(node)) return null;
  return node.initializer && ts.isFunctionLike(node.initializer) ? node.name.getText() : null;
}
