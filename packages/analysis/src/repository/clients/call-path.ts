import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { constantOf, type Piece } from "../constant-text.ts";
import { bare } from "../implementations/method-state.ts";

/** The path of a call. */
export interface CallPath {
  /** Segments with what is only known when it runs blanked as `{}`. */
  readonly segments: readonly string[];
  /** Whether something unknown stands before it, such as the address of a service, which may bring a prefix. */
  readonly behind: boolean;
  /** The address of a server that is written out and is not this machine; null for any other. */
  readonly host: string | null;
}

const OWN_HOST =
  /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|[\w-]+(?:\.(?:local|localhost|internal|test|example))?)$/;

/** Reads the path that pieces come to, without query and address; null where nothing of a path is known. */
export function callPath(code: CodeBase, pieces: readonly Piece[]): CallPath | null {
  const cut = withoutQuery(code, pieces);
  let text = "";
  for (const piece of cut) text += typeof piece === "string" ? piece.replace(/\{[\w.]+\}/g, "{}") : "{}";
  const address = /^(?:https?:)?\/\/([^/]*)/.exec(text);
  const host = address && !address[1]!.includes("{}") ? address[1]!.replace(/:\d+$/, "") : null;
  const behind = address ? address[1]!.includes("{}") : text.startsWith("{}");
  const path = address ? text.slice(address[0].length) : text.startsWith("{}") ? afterBase(text) : text;
  if (path === null || (path === "" && !address)) return null;
  const segments = path.split("/").filter((segment) => segment !== "");
  if (segments.length === 0 && behind) return null;
  return { segments, behind, host: host !== null && !OWN_HOST.test(host) ? host : null };
}

/** What follows the address; null where nothing but the unknown is there. */
function afterBase(text: string): string | null {
  const rest = text.replace(/^(?:\{\})+/, "");
  return rest.startsWith("/") ? rest : rest === "" ? null : `/${rest}`;
}

/** Cuts what comes behind `?` or `#`, also where a piece of text or a whole query is put there when it runs. */
function withoutQuery(code: CodeBase, pieces: readonly Piece[]): Piece[] {
  const kept: Piece[] = [];
  for (const [at, piece] of pieces.entries()) {
    if (typeof piece === "string") {
      const end = piece.search(/[?#]/);
      if (end >= 0) return [...kept, piece.slice(0, end)];
      kept.push(piece);
      continue;
    }
    const before = pieces[at - 1];
    const attached = typeof before === "string" && !before.endsWith("/");
    // What is put right behind a word, at the end, is a query more often than half a word.
    if (attached && (isQuery(code, piece) || pieces.length === at + 1)) return kept;
    kept.push(piece);
  }
  return kept;
}

/** Whether a value is empty or begins a query, as far as its name or where it is made shows. */
function isQuery(code: CodeBase, piece: ts.Node, depth = 0): boolean {
  const value = bare(piece);
  if (ts.isConditionalExpression(value))
    return isQuery(code, value.whenTrue, depth) || isQuery(code, value.whenFalse, depth);
  if (ts.isStringLiteralLike(value)) return value.text.startsWith("?");
  if (ts.isTemplateExpression(value)) return value.head.text.startsWith("?");
  if (/^(?:query|qs|search|params|suffix)/i.test(value.getText()) || /(?:Query|Search)$/.test(value.getText()))
    return true;
  const constant = depth < 3 ? constantOf(code, value) : null;
  return constant !== null && isQuery(code, constant, depth + 1);
}
