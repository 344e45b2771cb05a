import ts from "typescript";
import type { CodeBase } from "../code-base.ts";

/** How far a method is: `real` does something, `stub` only says or shows that it will. */
export type Written = { readonly state: "real" } | { readonly state: "stub"; readonly why: string };

const REAL: Written = { state: "real" };
const UNWRITTEN =
  /not[\s_-]*(?:yet[\s_-]*)?(?:been[\s_-]*)?implement|un-?implemented|to\s*be\s*implemented|\bTODO\b|not[\s_-]*supported[\s_-]*yet/i;
const SAYS_SO = /^(?:throw)?(?:not(?:Yet)?Implemented|unimplemented|todo|stub)(?:Error|Method)?$/i;
const MARK = /\b(?:TODO|FIXME|XXX|STUB|HACK|WIP)\b|not\s+(?:yet\s+)?implemented|placeholder/i;
const DEEPEST = 5;

/** Judges what stands behind a method's name: its body, the function it names, or the value it is given. */
export function written(code: CodeBase, node: ts.Node, depth = 0): Written {
  if (depth > DEEPEST) return REAL;
  if (ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node))
    return node.initializer ? written(code, node.initializer, depth) : REAL;
  if (ts.isShorthandPropertyAssignment(node)) return written(code, node.name, depth);
  const value = bare(node);
  if (ts.isIdentifier(value) || ts.isPropertyAccessExpression(value)) return named(code, value, depth);
  if (ts.isCallExpression(value)) return says(code, value, depth) ?? REAL;
  if (!ts.isFunctionLike(value) || !("body" in value) || !value.body) return REAL;
  const body = value.body as ts.Block | ts.Expression;
  return ts.isBlock(body) ? ofBlock(code, value, body, depth) : ofResult(code, value, body, depth);
}

function named(code: CodeBase, value: ts.Identifier | ts.PropertyAccessExpression, depth: number): Written {
  const name = ts.isIdentifier(value) ? value.text : value.name.text;
  if (SAYS_SO.test(name)) return { state: "stub", why: `it is ${value.getText()}` };
  const meaning = code.symbols.meaningOf(value);
  return "declaration" in meaning && meaning.declaration !== value.parent
    ? written(code, meaning.declaration, depth + 1)
    : REAL;
}

function ofBlock(code: CodeBase, method: ts.Node, { statements }: ts.Block, depth: number): Written {
  const doing = statements.filter((statement) => !isIdle(statement));
  const [only, more] = doing;
  if (more) return REAL;
  if (!only) return marked(method) ? { state: "stub", why: "it does nothing and says that it is to be done" } : REAL;
  if (ts.isThrowStatement(only)) return thrown(code, only.expression, depth) ?? REAL;
  if (ts.isReturnStatement(only)) return ofResult(code, method, only.expression, depth);
  return ts.isExpressionStatement(only) ? (says(code, bare(only.expression), depth) ?? REAL) : REAL;
}

function ofResult(code: CodeBase, method: ts.Node, result: ts.Expression | undefined, depth: number): Written {
  const value = result && bare(result);
  const told = value && says(code, value, depth);
  if (told) return told;
  if (!isEmpty(value) || !marked(method)) return REAL;
  return { state: "stub", why: `it returns ${value ? value.getText() : "nothing"} and says that it is to be done` };
}

/** What a call says by itself: a rejected promise, a function that is called after what it is, or one that does nothing but throw. */
function says(code: CodeBase, value: ts.Node, depth: number): Written | null {
  if (!ts.isCallExpression(value)) return null;
  const callee = value.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : "";
  if (name === "reject" && value.arguments[0]) return thrown(code, value.arguments[0], depth);
  if (SAYS_SO.test(name)) return { state: "stub", why: `it only calls ${name}` };
  const own = ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword;
  const called = own ? methodAround(value, name) : ts.isIdentifier(callee) ? declared(code, callee) : null;
  const told = called && depth < DEEPEST && ts.isFunctionLike(called) ? written(code, called, depth + 1) : REAL;
  // A helper that returns nothing may be meant so; one that only throws is the method's own saying.
  return told.state === "stub" && told.why.startsWith("it throws") ? told : null;
}

function thrown(code: CodeBase, value: ts.Expression, depth: number): Written | null {
  const text = value.getText();
  const name = ts.isNewExpression(value) || ts.isCallExpression(value) ? value.expression.getText() : "";
  if (SAYS_SO.test(name) || UNWRITTEN.test(text)) return { state: "stub", why: `it throws ${oneLine(text)}` };
  return says(code, bare(value), depth);
}

function declared(code: CodeBase, name: ts.Identifier): ts.Node | null {
  const meaning = code.symbols.meaningOf(name);
  return "declaration" in meaning ? meaning.declaration : null;
}

function methodAround(node: ts.Node, name: string): ts.Node | null {
  let at: ts.Node | undefined = node;
  while (at && !ts.isClassLike(at)) at = at.parent;
  return at?.members.find((member) => ts.isMethodDeclaration(member) && member.name.getText() === name) ?? null;
}

/** Statements that only keep a compiler, a linter or a log content. */
function isIdle(statement: ts.Statement): boolean {
  if (ts.isEmptyStatement(statement)) return true;
  if (!ts.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  if (ts.isVoidExpression(expression) || ts.isIdentifier(expression) || ts.isStringLiteral(expression)) return true;
  return (
    ts.isCallExpression(expression) && /(?:^|\.)(?:console|log|logger)\.\w+$/.test(expression.expression.getText())
  );
}

function isEmpty(value: ts.Node | undefined): boolean {
  if (!value) return true;
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0;
  if (ts.isNewExpression(value)) return /^(?:Map|Set)$/.test(value.expression.getText()) && !value.arguments?.length;
  if (ts.isCallExpression(value)) {
    const [first] = value.arguments;
    return value.expression.getText() === "Promise.resolve" && isEmpty(first && bare(first));
  }
  return ["null", "undefined", "false", "0", '""', "''", "void 0"].includes(value.getText());
}

function marked(method: ts.Node): boolean {
  const source = method.getSourceFile();
  let at = method;
  while (!ts.isClassElement(at) && !ts.isObjectLiteralElementLike(at) && !ts.isStatement(at) && at.parent)
    at = at.parent;
  const node = ts.isSourceFile(at) ? method : at;
  const text = source.text.slice(node.getFullStart(), node.getEnd());
  const comments = text.match(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g) ?? [];
  return comments.some((comment) => MARK.test(comment));
}

/** An expression without brackets, casts and `await`. */
export function bare(node: ts.Node): ts.Node {
  let at = node;
  while (
    ts.isParenthesizedExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isSatisfiesExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isTypeAssertionExpression(at) ||
    ts.isAwaitExpression(at)
  )
    at = at.expression;
  return at;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
