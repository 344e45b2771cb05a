import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { nameText } from "./interface-methods.ts";

/** The type that a declaration, a cast or a function's result gives an object; null where nothing says one. */
export function contextualType(code: CodeBase, value: ts.Expression): ts.TypeNode | null {
  const { parent } = value;
  if (ts.isParenthesizedExpression(parent)) return contextualType(code, parent);
  if (ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent) || ts.isTypeAssertionExpression(parent))
    return isConst(parent.type) ? contextualType(code, parent) : parent.type;
  if (ts.isCallExpression(parent) && /^Object\.(?:freeze|seal)$/.test(parent.expression.getText()))
    return contextualType(code, parent);
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) return parent.type ?? null;
  if (ts.isPropertyAssignment(parent)) return memberType(code, parent);
  if (ts.isReturnStatement(parent)) return resultType(code, functionAround(parent));
  if (ts.isArrowFunction(parent) && parent.body === value) return resultType(code, parent);
  if (ts.isConditionalExpression(parent) && parent.condition !== value) return contextualType(code, parent);
  return null;
}

function isConst(type: ts.TypeNode): boolean {
  return type.getText() === "const";
}

function functionAround(node: ts.Node): ts.SignatureDeclaration | null {
  let at: ts.Node | undefined = node;
  while (at && !ts.isFunctionLike(at)) at = at.parent;
  return at ?? null;
}

/** What a function is declared to return, without the promise around it. */
function resultType(code: CodeBase, made: ts.SignatureDeclaration | null): ts.TypeNode | null {
  if (!made) return null;
  const said = made.type ?? (ts.isArrowFunction(made) || ts.isFunctionExpression(made) ? ofVariable(code, made) : null);
  if (!said || !ts.isTypeReferenceNode(said)) return said;
  const [inner] = said.typeArguments ?? [];
  return said.typeName.getText() === "Promise" && inner ? inner : said;
}

function ofVariable(code: CodeBase, made: ts.Expression): ts.TypeNode | null {
  const type = contextualType(code, made);
  return type && ts.isFunctionTypeNode(type) ? type.type : null;
}

/** The type of a property inside an object that has one itself. */
function memberType(code: CodeBase, property: ts.PropertyAssignment): ts.TypeNode | null {
  const type = contextualType(code, property.parent);
  const name = nameText(property.name);
  if (!type || name === null) return null;
  const member = membersOf(code, type)?.find((each) => each.name && nameText(each.name) === name);
  return member && ts.isPropertySignature(member) ? (member.type ?? null) : null;
}

function membersOf(code: CodeBase, type: ts.TypeNode): readonly ts.TypeElement[] | null {
  if (ts.isTypeLiteralNode(type)) return type.members;
  if (!ts.isTypeReferenceNode(type)) return null;
  const meaning = code.symbols.meaningOf(type.typeName);
  const declared = "declaration" in meaning ? meaning.declaration : null;
  if (declared && ts.isInterfaceDeclaration(declared)) return declared.members;
  return declared && ts.isTypeAliasDeclaration(declared) && ts.isTypeLiteralNode(declared.type)
    ? declared.type.members
    : null;
}
