import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { type CodePlace, placeOf } from "../sources.ts";
import { contextualType } from "./contextual-type.ts";
import type { DataInterface } from "./find-interfaces.ts";
import { isAbstract } from "./interface-methods.ts";
import { type Body, memberOf } from "./members.ts";
import { written } from "./method-state.ts";

/** How far one method of an implementation is, and where it is or would have to be. */
export interface MethodFact {
  readonly name: string;
  /** `unknown` where the code does not show it. */
  readonly state: "real" | "stub" | "missing" | "unknown";
  readonly place: CodePlace;
  /** Null for a real one. */
  readonly why: string | null;
  /** The file and name of the class or object that has it, where that is another one than the implementation. */
  readonly from: { readonly file: string; readonly name: string } | null;
}

/** A class or an object that implements an interface. */
export interface Implementation {
  readonly interface: DataInterface;
  readonly name: string;
  readonly place: CodePlace;
  readonly methods: readonly MethodFact[];
  readonly body: Body;
  /** The classes it extends, as far as they are of this repository. */
  readonly bases: ReadonlySet<ts.Node>;
}

/** Finds what implements the interfaces, told by what names lead to and never by how they are spelled. Only files that say such a name are parsed. */
export function findImplementations(code: CodeBase, interfaces: readonly DataInterface[]): Implementation[] {
  const search = new Search(code, interfaces);
  const found = new Map<Body, Set<DataInterface>>();
  // Subclasses and names given anew in barrels are said in files of their own.
  for (let names = interfaces.map(({ name }) => name); names.length > 0; ) names = search.wave(names, found);
  const implementations = [...found].flatMap(([body, them]) =>
    isAbstract(body) ? [] : [...them].map((one) => implementationOf(code, one, body)),
  );
  return implementations.sort((a, b) => order(a.place.file, b.place.file) || a.place.line - b.place.line);
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

class Search {
  readonly #code: CodeBase;
  readonly #byDeclaration: ReadonlyMap<ts.Node, DataInterface>;
  readonly #said = new Set<string>();
  readonly #files = new Set<string>();

  constructor(code: CodeBase, interfaces: readonly DataInterface[]) {
    this.#code = code;
    this.#byDeclaration = new Map(interfaces.map((one) => [one.declaration, one]));
  }

  /** Looks into the files that say one of the names, and answers with the names under which what was found goes on. */
  wave(names: readonly string[], found: Map<Body, Set<DataInterface>>): string[] {
    const fresh = names.filter((name) => !this.#said.has(name));
    for (const name of fresh) this.#said.add(name);
    if (fresh.length === 0) return [];
    const said = new RegExp(fresh.map((name) => name.replace(/\$/g, "\\$")).join("|"));
    const next: string[] = [];
    const classes: ts.ClassLikeDeclaration[] = [];
    for (const file of this.#code.sources.code) {
      const text = this.#code.sources.text(file);
      if (text === null || !said.test(text)) continue;
      this.#files.add(file);
      const source = this.#code.sources.parse(file);
      if (source) this.#look(source, found, next, classes);
    }
    // A base may stand below its subclasses, or in a file that comes later.
    for (let grown = true; grown; ) grown = classes.some((each) => this.#inherit(each, found));
    for (const each of classes) if (found.has(each) && each.name) next.push(each.name.text);
    return next;
  }

  #look(node: ts.Node, found: Map<Body, Set<DataInterface>>, next: string[], classes: ts.ClassLikeDeclaration[]): void {
    if (ts.isExportSpecifier(node) && node.propertyName && this.#said.has(node.propertyName.text))
      next.push(node.name.text);
    if (ts.isTypeAliasDeclaration(node) && this.#interfacesOf(node.type).length > 0) next.push(node.name.text);
    if (ts.isInterfaceDeclaration(node) && !this.#byDeclaration.has(node) && this.#extended(node).length > 0)
      next.push(node.name.text);
    // What holds repositories together is said in place of them where they are made.
    if (ts.isPropertySignature(node) && node.type && this.#interfacesOf(node.type).length > 0) {
      const around = ts.isTypeLiteralNode(node.parent) ? node.parent.parent : node.parent;
      if (ts.isInterfaceDeclaration(around) || ts.isTypeAliasDeclaration(around)) next.push(around.name.text);
    }
    if (ts.isClassLike(node)) {
      classes.push(node);
      for (const clause of node.heritageClauses ?? [])
        for (const type of clause.types) this.#add(found, node, this.#interfacesOf(type));
    }
    if (ts.isObjectLiteralExpression(node) && node.properties.length > 0) {
      const type = contextualType(this.#code, node);
      if (type) this.#add(found, node, this.#interfacesOf(type));
    }
    ts.forEachChild(node, (child) => this.#look(child, found, next, classes));
  }

  #add(found: Map<Body, Set<DataInterface>>, body: Body, interfaces: readonly DataInterface[]): boolean {
    const known = found.get(body) ?? new Set();
    const before = known.size;
    for (const each of interfaces) known.add(each);
    if (known.size > 0) found.set(body, known);
    return known.size > before;
  }

  #inherit(body: ts.ClassLikeDeclaration, found: Map<Body, Set<DataInterface>>): boolean {
    const base = baseOf(this.#code, body);
    return base !== null && this.#add(found, body, [...(found.get(base) ?? [])]);
  }

  #interfacesOf(type: ts.Node, seen: ReadonlySet<ts.Node> = new Set()): DataInterface[] {
    if (ts.isParenthesizedTypeNode(type)) return this.#interfacesOf(type.type, seen);
    if (ts.isIntersectionTypeNode(type)) return type.types.flatMap((each) => this.#interfacesOf(each, seen));
    const name = ts.isTypeReferenceNode(type)
      ? type.typeName
      : ts.isExpressionWithTypeArguments(type)
        ? type.expression
        : null;
    if (name === null) return [];
    const [inner] = (type as ts.NodeWithTypeArguments).typeArguments ?? [];
    if (inner && /^(?:Required|Readonly)$/.test(name.getText())) return this.#interfacesOf(inner, seen);
    const meaning = this.#code.symbols.meaningOf(name);
    if (!("declaration" in meaning) || seen.has(meaning.declaration)) return [];
    const { declaration } = meaning;
    const known = this.#byDeclaration.get(declaration);
    if (known) return [known];
    const now = new Set([...seen, declaration]);
    if (ts.isTypeAliasDeclaration(declaration)) return this.#interfacesOf(declaration.type, now);
    return ts.isInterfaceDeclaration(declaration) ? this.#extended(declaration, now) : [];
  }

  #extended(declaration: ts.InterfaceDeclaration, seen: ReadonlySet<ts.Node> = new Set()): DataInterface[] {
    return (declaration.heritageClauses ?? []).flatMap(({ types }) =>
      types.flatMap((type) => this.#interfacesOf(type, seen)),
    );
  }
}

function implementationOf(code: CodeBase, one: DataInterface, body: Body): Implementation {
  const name = nameOf(body);
  const place = placeOf((ts.isClassLike(body) && body.name) || body);
  const methods = one.methods.map((method): MethodFact => {
    const found = memberOf(code, body, method.name);
    if ("unresolved" in found) return { name: method.name, state: "unknown", place, why: found.unresolved, from: null };
    if ("absent" in found)
      return { name: method.name, state: "missing", place, why: found.absent || "there is no such member", from: null };
    const { member, owner } = found;
    const from = owner === body ? null : { file: owner.getSourceFile().fileName, name: nameOf(owner) };
    const how = written(code, member);
    const why = how.state === "stub" ? how.why : null;
    return { name: method.name, state: how.state, place: placeOf(nameIn(member)), why, from };
  });
  return { interface: one, name, place, methods, body, bases: basesOf(code, body) };
}

function baseOf(code: CodeBase, body: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | null {
  const base = body.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const meaning = base && code.symbols.meaningOf(base.expression);
  return meaning && "declaration" in meaning && ts.isClassLike(meaning.declaration) ? meaning.declaration : null;
}

function basesOf(code: CodeBase, body: Body): ReadonlySet<ts.Node> {
  const bases = new Set<ts.Node>();
  let at = ts.isClassLike(body) ? baseOf(code, body) : null;
  for (; at && !bases.has(at); at = baseOf(code, at)) bases.add(at);
  return bases;
}

/** The name of a member where it has one: decorators and comments stand before it. */
function nameIn(member: ts.Node): ts.Node {
  return (member as { name?: ts.Node }).name ?? member;
}

/** What a class is called, or for an object the variable, property or function that makes it. */
function nameOf(body: Body): string {
  if (ts.isClassLike(body) && body.name) return body.name.text;
  for (let at: ts.Node = body.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isVariableDeclaration(at) || ts.isPropertyAssignment(at)) return at.name.getText();
    if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) && at.name) return at.name.getText();
  }
  return "an object";
}
