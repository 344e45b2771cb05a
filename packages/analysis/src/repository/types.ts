import ts from "typescript";
import type { CodeBase } from "./code-base.ts";
import { fieldAround } from "./constant-text.ts";
import { nameText } from "./implementations/interface-methods.ts";
import { bare } from "./implementations/method-state.ts";
import { functionOf } from "./routes/carriers.ts";

/** What a value is declared to be: a class, an interface, or a type without a name. */
export type DeclaredType = ts.ClassLikeDeclaration | ts.InterfaceDeclaration | ts.TypeLiteralNode;

const DEEPEST = 10;

/** What an expression is declared to be, followed through parameters, destructuring, fields, members and what functions return; null where nothing says it. */
export function typeOf(code: CodeBase, expression: ts.Node, depth = 0): DeclaredType | null {
  if (depth > DEEPEST) return null;
  const value = bare(expression);
  if (ts.isNewExpression(value)) return classOf(code, value.expression);
  if (ts.isCallExpression(value)) return ofResult(code, value, depth);
  if (ts.isPropertyAccessExpression(value)) {
    if (value.expression.kind === ts.SyntaxKind.ThisKeyword) return ofField(code, value, depth);
    const holder = typeOf(code, value.expression, depth + 1);
    return holder && memberType(code, holder, value.name.text, depth);
  }
  if (!ts.isIdentifier(value)) return null;
  const meaning = code.symbols.meaningOf(value);
  return "declaration" in meaning ? ofDeclaration(code, meaning.declaration, depth) : null;
}

function ofDeclaration(code: CodeBase, declaration: ts.Node, depth: number): DeclaredType | null {
  if (ts.isBindingElement(declaration)) return ofElement(code, declaration, depth);
  if (!ts.isParameter(declaration) && !ts.isVariableDeclaration(declaration) && !ts.isPropertyDeclaration(declaration))
    return null;
  if (declaration.type) return named(code, declaration.type, depth);
  return declaration.initializer ? typeOf(code, declaration.initializer, depth + 1) : null;
}

function ofElement(code: CodeBase, element: ts.BindingElement, depth: number): DeclaredType | null {
  if (depth > DEEPEST) return null;
  const name = nameText(element.propertyName ?? element.name);
  const around = element.parent.parent;
  const holder = ts.isBindingElement(around)
    ? ofElement(code, around, depth + 1)
    : ofDeclaration(code, around, depth + 1);
  return holder && name !== null ? memberType(code, holder, name, depth) : null;
}

function ofField(code: CodeBase, access: ts.PropertyAccessExpression, depth: number): DeclaredType | null {
  const field = fieldAround(access, access.name.text);
  return field && ofDeclaration(code, field, depth + 1);
}

function ofResult(code: CodeBase, call: ts.CallExpression, depth: number): DeclaredType | null {
  const meaning = ts.isIdentifier(call.expression) ? code.symbols.meaningOf(call.expression) : null;
  const made = meaning && "declaration" in meaning ? functionOf(meaning.declaration) : null;
  if (!made) return null;
  if (made.type) return named(code, made.type, depth);
  const result =
    made.body && (ts.isBlock(made.body) ? made.body.statements.findLast(ts.isReturnStatement)?.expression : made.body);
  return result ? typeOf(code, result, depth + 1) : null;
}

function classOf(code: CodeBase, name: ts.Expression): ts.ClassLikeDeclaration | null {
  const meaning = code.symbols.meaningOf(name);
  return "declaration" in meaning && ts.isClassLike(meaning.declaration) ? meaning.declaration : null;
}

function memberType(code: CodeBase, holder: DeclaredType, name: string, depth: number): DeclaredType | null {
  for (const member of holder.members) {
    if (ts.isConstructorDeclaration(member)) {
      const own = member.parameters.find(
        (one) => ts.isParameterPropertyDeclaration(one, member) && nameText(one.name) === name,
      );
      if (own) return ofDeclaration(code, own, depth + 1);
    }
    if (!member.name || nameText(member.name) !== name) continue;
    if (ts.isPropertySignature(member)) return member.type ? named(code, member.type, depth) : null;
    if (ts.isPropertyDeclaration(member)) return ofDeclaration(code, member, depth + 1);
  }
  return null;
}

/** The declaration that a type leads to, without the promise or the helper type around it. */
function named(code: CodeBase, type: ts.TypeNode, depth: number): DeclaredType | null {
  if (depth > DEEPEST) return null;
  if (ts.isTypeLiteralNode(type)) return type;
  if (ts.isParenthesizedTypeNode(type)) return named(code, type.type, depth + 1);
  if (ts.isUnionTypeNode(type))
    return type.types.map((one) => named(code, one, depth + 1)).find((one) => one !== null) ?? null;
  if (!ts.isTypeReferenceNode(type)) return null;
  const [inner] = type.typeArguments ?? [];
  if (inner && /^(?:Promise|Readonly|Required|Partial|NonNullable)$/.test(type.typeName.getText()))
    return named(code, inner, depth + 1);
  const meaning = code.symbols.meaningOf(type.typeName);
  const declared = "declaration" in meaning ? meaning.declaration : null;
  if (!declared) return null;
  if (ts.isInterfaceDeclaration(declared) || ts.isClassLike(declared)) return declared;
  return ts.isTypeAliasDeclaration(declared) ? named(code, declared.type, depth + 1) : null;
}
