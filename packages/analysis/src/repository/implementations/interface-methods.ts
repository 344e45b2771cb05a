import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { type CodePlace, placeOf } from "../sources.ts";

/** A method that whoever implements an interface has to have. */
export interface InterfaceMethod {
  readonly name: string;
  readonly place: CodePlace;
}

/** The methods of a type, and what of it could not be followed, in sentences. */
export interface TypeMethods {
  readonly methods: readonly InterfaceMethod[];
  readonly unresolved: readonly string[];
}

/** A declaration that may ask for methods. */
export type Contract = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration;

export function isContract(node: ts.Node): node is Contract {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node);
}

/** The methods that a declaration asks for, with those of what it extends; optional ones are not asked for. */
export function methodsOf(code: CodeBase, contract: Contract, seen: ReadonlySet<ts.Node> = new Set()): TypeMethods {
  // Interfaces that extend each other in a circle do not compile, and end here.
  if (seen.has(contract)) return NONE;
  const now = new Set([...seen, contract]);
  if (ts.isTypeAliasDeclaration(contract)) return methodsOfType(code, contract.type, now);
  const own = ts.isInterfaceDeclaration(contract)
    ? mergedWith(contract).map(({ members }) => signatures(code, members, now))
    : [abstractMethods(contract)];
  const clauses = ts.isInterfaceDeclaration(contract)
    ? mergedWith(contract).flatMap(({ heritageClauses = [] }) => [...heritageClauses])
    : (contract.heritageClauses ?? []);
  const inherited = clauses.flatMap(({ types }) => types.map((type) => methodsOfType(code, type, now)));
  return joined([...own, ...inherited]);
}

const NONE: TypeMethods = { methods: [], unresolved: [] };

/** The declarations that TypeScript takes together for one interface. */
function mergedWith(contract: ts.InterfaceDeclaration): readonly ts.InterfaceDeclaration[] {
  return contract
    .getSourceFile()
    .statements.filter(ts.isInterfaceDeclaration)
    .filter(({ name }) => name.text === contract.name.text);
}

function joined(parts: readonly TypeMethods[]): TypeMethods {
  const methods = new Map(parts.flatMap((part) => part.methods).map((method) => [method.name, method] as const));
  return { methods: [...methods.values()], unresolved: parts.flatMap(({ unresolved }) => unresolved) };
}

function methodsOfType(code: CodeBase, type: ts.Node, seen: ReadonlySet<ts.Node>): TypeMethods {
  if (ts.isTypeLiteralNode(type)) return signatures(code, type.members, seen);
  if (ts.isParenthesizedTypeNode(type)) return methodsOfType(code, type.type, seen);
  if (ts.isIntersectionTypeNode(type)) return joined(type.types.map((each) => methodsOfType(code, each, seen)));
  const name = ts.isTypeReferenceNode(type)
    ? type.typeName
    : ts.isExpressionWithTypeArguments(type)
      ? type.expression
      : null;
  if (name === null) return NONE;
  const [first, second] = (type as ts.NodeWithTypeArguments).typeArguments ?? [];
  const made = first ? ofUtility(code, name.getText(), first, second, seen) : null;
  if (made) return made;
  const meaning = code.symbols.meaningOf(name);
  if ("declaration" in meaning && isContract(meaning.declaration)) return methodsOf(code, meaning.declaration, seen);
  const why = "unresolved" in meaning ? meaning.unresolved : "outside" in meaning ? `it is of ${meaning.outside}` : "";
  return { methods: [], unresolved: [`the methods of ${name.getText()} are not known: ${why}`] };
}

/** What TypeScript's own helper types leave of the methods; null for a type that is none of them. */
function ofUtility(
  code: CodeBase,
  helper: string,
  type: ts.TypeNode,
  keys: ts.TypeNode | undefined,
  seen: ReadonlySet<ts.Node>,
): TypeMethods | null {
  if (helper === "Partial") return NONE;
  if (helper === "Readonly" || helper === "Required") return methodsOfType(code, type, seen);
  if ((helper !== "Pick" && helper !== "Omit") || !keys) return null;
  const named = new Set((ts.isUnionTypeNode(keys) ? keys.types : [keys]).map((key) => literalText(key)));
  const { methods, unresolved } = methodsOfType(code, type, seen);
  return { methods: methods.filter(({ name }) => named.has(name) === (helper === "Pick")), unresolved };
}

function literalText(type: ts.TypeNode): string | null {
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? type.literal.text : null;
}

function signatures(code: CodeBase, members: ts.NodeArray<ts.TypeElement>, seen: ReadonlySet<ts.Node>): TypeMethods {
  const methods = members.flatMap((member) => {
    const asked =
      ts.isMethodSignature(member) || (ts.isPropertySignature(member) && isFunction(code, member.type, seen));
    const name = member.name && nameText(member.name);
    return asked && !member.questionToken && name ? [{ name, place: placeOf(member) }] : [];
  });
  return { methods, unresolved: [] };
}

function isFunction(code: CodeBase, type: ts.TypeNode | undefined, seen: ReadonlySet<ts.Node>): boolean {
  if (!type) return false;
  if (ts.isFunctionTypeNode(type)) return true;
  if (ts.isParenthesizedTypeNode(type)) return isFunction(code, type.type, seen);
  if (!ts.isTypeReferenceNode(type)) return false;
  const meaning = code.symbols.meaningOf(type.typeName);
  if (!("declaration" in meaning) || !ts.isTypeAliasDeclaration(meaning.declaration)) return false;
  const { declaration } = meaning;
  return !seen.has(declaration) && isFunction(code, declaration.type, new Set([...seen, declaration]));
}

function abstractMethods({ members }: ts.ClassDeclaration): TypeMethods {
  const methods = members.flatMap((member) => {
    const name = member.name && nameText(member.name);
    return isAbstract(member) && name ? [{ name, place: placeOf(member) }] : [];
  });
  return { methods, unresolved: [] };
}

/** Whether a class or one of its members is declared abstract. */
export function isAbstract(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) ?? false;
}

/** What a member is called; null where that is computed. */
export function nameText(name: ts.PropertyName | ts.BindingName): string | null {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression)) return name.expression.text;
  return null;
}
