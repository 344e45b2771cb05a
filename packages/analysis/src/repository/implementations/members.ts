import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { isAbstract, nameText } from "./interface-methods.ts";
import { bare } from "./method-state.ts";

/** What holds the methods of an implementation. */
export type Body = ts.ClassLikeDeclaration | ts.ObjectLiteralExpression;

/** What stands behind a name: a member with the class or object that has it, nothing, or something that cannot be followed. */
export type Member =
  | { readonly member: ts.Node; readonly owner: Body }
  | { readonly absent: string }
  | { readonly unresolved: string };

/** Looks up a member of a class through its bases, or of an object through what is spread into it. */
export function memberOf(code: CodeBase, body: Body, name: string, seen: ReadonlySet<ts.Node> = new Set()): Member {
  // Classes that extend each other in a circle do not compile, and end here.
  if (seen.has(body)) return { absent: "" };
  const now = new Set([...seen, body]);
  return ts.isObjectLiteralExpression(body) ? ofObject(code, body, name, now) : ofClass(code, body, name, now);
}

function ofClass(code: CodeBase, body: ts.ClassLikeDeclaration, name: string, seen: ReadonlySet<ts.Node>): Member {
  let declaredOnly = "";
  for (const member of body.members) {
    if (ts.isConstructorDeclaration(member)) {
      const found = member.parameters.find(
        (one) => ts.isParameterPropertyDeclaration(one, member) && nameText(one.name) === name,
      );
      const set = found ?? assignedIn(member, name);
      if (set) return { member: set, owner: body };
    }
    if (!member.name || nameText(member.name) !== name) continue;
    if (isAbstract(member)) declaredOnly = "it is only declared abstract";
    else if (ts.isMethodDeclaration(member) && !member.body) declaredOnly = "it is only declared, without a body";
    else if (ts.isPropertyDeclaration(member) && !member.initializer) declaredOnly = "it is never given a value";
    else return { member, owner: body };
  }
  const base = body.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (!base) return { absent: declaredOnly };
  const inherited = inBase(code, base.expression, name, seen);
  return "absent" in inherited && inherited.absent === "" ? { absent: declaredOnly } : inherited;
}

function inBase(code: CodeBase, base: ts.Expression, name: string, seen: ReadonlySet<ts.Node>): Member {
  const meaning = code.symbols.meaningOf(base);
  if ("outside" in meaning) return { unresolved: `it may come from ${base.getText()} of ${meaning.outside}` };
  if ("unresolved" in meaning) return { unresolved: `its base cannot be followed: ${meaning.unresolved}` };
  const declared = meaning.declaration;
  const made = ts.isVariableDeclaration(declared) && declared.initializer ? bare(declared.initializer) : declared;
  if (ts.isClassLike(made)) return memberOf(code, made, name, seen);
  return { unresolved: `its base ${base.getText()} is no class that can be read` };
}

function ofObject(code: CodeBase, body: ts.ObjectLiteralExpression, name: string, seen: ReadonlySet<ts.Node>): Member {
  let open: Member = { absent: "" };
  for (const property of [...body.properties].reverse()) {
    if (ts.isSpreadAssignment(property)) {
      const spread = spreadOf(code, property.expression, name, seen);
      if ("member" in spread) return spread;
      if ("unresolved" in spread) open = spread;
    } else if (nameText(property.name) === name) return { member: property, owner: body };
    else if (nameText(property.name) === null) open = { unresolved: "it has members whose names are computed" };
  }
  return open;
}

function spreadOf(code: CodeBase, spread: ts.Expression, name: string, seen: ReadonlySet<ts.Node>): Member {
  const value = bare(spread);
  if (ts.isObjectLiteralExpression(value)) return memberOf(code, value, name, seen);
  const meaning = ts.isIdentifier(value) ? code.symbols.meaningOf(value) : null;
  const declared = meaning && "declaration" in meaning ? meaning.declaration : null;
  const made =
    declared && ts.isVariableDeclaration(declared) && declared.initializer ? bare(declared.initializer) : null;
  if (made && ts.isObjectLiteralExpression(made)) return memberOf(code, made, name, seen);
  return { unresolved: `it may come from ...${value.getText()}` };
}

/** What a constructor gives a member by `this.name = …`. */
function assignedIn({ body }: ts.ConstructorDeclaration, name: string): ts.Expression | null {
  for (const statement of body?.statements ?? []) {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) continue;
    const { left, operatorToken, right } = statement.expression;
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) continue;
    if (left.expression.kind === ts.SyntaxKind.ThisKeyword && left.name.text === name) return right;
  }
  return null;
}
