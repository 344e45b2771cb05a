import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import type { Implementation } from "../implementations/find-implementations.ts";
import { memberOf } from "../implementations/members.ts";
import { bare } from "../implementations/method-state.ts";
import type { TableReference } from "../references/table-reference.ts";
import { functionOf } from "../routes/carriers.ts";
import { typeOf } from "../types.ts";

/** The means to say which references a piece of code reaches through what it calls: functions, methods, and through an interface whatever implements it. */
export class Reach {
  readonly #code: CodeBase;
  readonly #implementations: readonly Implementation[];
  readonly #inside = new Map<ts.Node, TableReference[]>();
  readonly #called = new Map<ts.Node, readonly ts.Node[]>();

  constructor(code: CodeBase, implementations: readonly Implementation[], references: readonly TableReference[]) {
    this.#code = code;
    this.#implementations = implementations;
    for (const reference of references)
      for (let at: ts.Node = reference.node; at; at = at.parent)
        this.#inside.set(at, [...(this.#inside.get(at) ?? []), reference]);
  }

  /** The references that running a node leads to. */
  from(start: ts.Node): TableReference[] {
    const seen = new Set<ts.Node>();
    const found = new Set<TableReference>();
    const waiting = [start];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      for (const reference of this.#inside.get(node) ?? []) found.add(reference);
      waiting.push(...this.#calledBy(node));
    }
    return [...found];
  }

  #calledBy(node: ts.Node): readonly ts.Node[] {
    const known = this.#called.get(node);
    if (known) return known;
    const found: ts.Node[] = [];
    const look = (at: ts.Node): void => {
      if (ts.isCallExpression(at)) {
        found.push(...this.#targets(at));
        // A function that is handed on is taken to be called.
        for (const argument of at.arguments)
          if (ts.isIdentifier(argument) || ts.isPropertyAccessExpression(argument))
            found.push(...this.#named(argument));
      }
      ts.forEachChild(at, look);
    };
    look(node);
    this.#called.set(node, found);
    return found;
  }

  #targets(call: ts.CallExpression): ts.Node[] {
    return this.#named(bare(call.expression));
  }

  #named(callee: ts.Node): ts.Node[] {
    if (ts.isIdentifier(callee)) {
      const meaning = this.#code.symbols.meaningOf(callee);
      const made = "declaration" in meaning ? functionOf(meaning.declaration) : null;
      return made ? [made] : [];
    }
    if (!ts.isPropertyAccessExpression(callee)) return [];
    const name = callee.name.text;
    const own =
      callee.expression.kind === ts.SyntaxKind.ThisKeyword
        ? classAround(callee)
        : typeOf(this.#code, callee.expression);
    if (!own) return [];
    if (ts.isClassLike(own)) return this.#member(own, name);
    return this.#implementations
      .filter((each) => each.interface.declaration === own)
      .flatMap(({ body }) => this.#member(body, name));
  }

  #member(body: Implementation["body"], name: string): ts.Node[] {
    const found = memberOf(this.#code, body, name);
    if (!("member" in found)) return [];
    const { member } = found;
    const value = ts.isPropertyAssignment(member) || ts.isPropertyDeclaration(member) ? member.initializer : member;
    return value ? [functionOf(value) ?? value] : [];
  }
}

function classAround(node: ts.Node): ts.ClassLikeDeclaration | null {
  let at: ts.Node | undefined = node;
  while (at && !ts.isClassLike(at)) at = at.parent;
  return at ?? null;
}
