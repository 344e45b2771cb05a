import ts from "typescript";
import type { CodeBase } from "./code-base.ts";
import { nameText } from "./implementations/interface-methods.ts";
import { bare } from "./implementations/method-state.ts";

/** A text as far as code shows it: pieces that are known, and the expressions between them that are only known when it runs. */
export type Piece = string | ts.Node;

const DEEPEST = 8;

/** Reads a text through templates, sums, constants, members of constant objects, enums and class fields. */
export function piecesOf(code: CodeBase, expression: ts.Node, depth = 0): Piece[] {
  const value = bare(expression);
  if (ts.isStringLiteralLike(value) || ts.isNumericLiteral(value)) return [value.text];
  if (ts.isTemplateExpression(value)) {
    const spans = value.templateSpans.flatMap(({ expression: inside, literal }) => [
      ...piecesOf(code, inside, depth),
      literal.text,
    ]);
    return joined([value.head.text, ...spans]);
  }
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return joined([...piecesOf(code, value.left, depth), ...piecesOf(code, value.right, depth)]);
  const constant = depth < DEEPEST ? constantOf(code, value) : null;
  return constant ? piecesOf(code, constant, depth + 1) : [value];
}

/** The text where all of it is known, else null. */
export function textIn(pieces: readonly Piece[]): string | null {
  const texts = pieces.filter((piece) => typeof piece === "string");
  return texts.length === pieces.length ? texts.join("") : null;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (typeof piece === "string" && typeof last === "string") all[all.length - 1] = last + piece;
    else if (piece !== "") all.push(piece);
  }
  return all;
}

/** The expression that a name always stands for; null where it may stand for others. */
export function constantOf(code: CodeBase, value: ts.Node): ts.Node | null {
  if (ts.isPropertyAccessExpression(value)) return memberOf(code, value);
  if (!ts.isIdentifier(value)) return null;
  const meaning = code.symbols.meaningOf(value);
  const declared = "declaration" in meaning ? meaning.declaration : null;
  if (!declared || !ts.isVariableDeclaration(declared) || !ts.isIdentifier(declared.name)) return null;
  const list = declared.parent;
  const isConst = ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.Const) !== 0;
  return isConst ? (declared.initializer ?? null) : null;
}

function memberOf(code: CodeBase, access: ts.PropertyAccessExpression): ts.Node | null {
  const name = access.name.text;
  if (access.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const field = fieldAround(access, name);
    return field && ts.isPropertyDeclaration(field) ? (field.initializer ?? null) : null;
  }
  const meaning = ts.isIdentifier(access.expression) ? code.symbols.meaningOf(access.expression) : null;
  const declared = meaning && "declaration" in meaning ? meaning.declaration : null;
  if (declared && ts.isEnumDeclaration(declared))
    return declared.members.find((member) => nameText(member.name) === name)?.initializer ?? null;
  const holder = constantOf(code, access.expression);
  const object = holder ? bare(holder) : null;
  return object && ts.isObjectLiteralExpression(object) ? propertyOf(code, object, name) : null;
}

/** The value of a property of an object literal; null where it has none, or it cannot be told. */
export function propertyOf(code: CodeBase, value: ts.Node | undefined, name: string): ts.Expression | null {
  const at = value ? bare(value) : undefined;
  const object = at && !ts.isObjectLiteralExpression(at) ? constantOf(code, at) : at;
  const literal = object ? bare(object) : null;
  if (!literal || !ts.isObjectLiteralExpression(literal)) return null;
  for (const property of literal.properties) {
    if (!property.name || nameText(property.name) !== name) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return null;
}

/** A field of the class around a node, also one that a constructor's parameter declares. */
export function fieldAround(node: ts.Node, name: string): ts.PropertyDeclaration | ts.ParameterDeclaration | null {
  const around = classAround(node);
  for (const member of around?.members ?? []) {
    if (ts.isPropertyDeclaration(member) && nameText(member.name) === name) return member;
    if (!ts.isConstructorDeclaration(member)) continue;
    const found = member.parameters.find(
      (one) => ts.isParameterPropertyDeclaration(one, member) && nameText(one.name) === name,
    );
    if (found) return found;
  }
  return null;
}

/** The class around a node, or null. */
export function classAround(node: ts.Node): ts.ClassLikeDeclaration | null {
  let at: ts.Node | undefined = node;
  while (at && !ts.isClassLike(at)) at = at.parent;
  return at ?? null;
}
