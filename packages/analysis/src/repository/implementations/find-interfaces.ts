import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { type CodePlace, placeOf } from "../sources.ts";
import { type Contract, type InterfaceMethod, isAbstract, methodsOf } from "./interface-methods.ts";

/** An interface that each backend of the data layer implements. */
export interface DataInterface {
  readonly name: string;
  readonly place: CodePlace;
  /** Folder of the package it is declared in; empty for the root. */
  readonly package: string;
  readonly methods: readonly InterfaceMethod[];
  /** What of it could not be followed, in sentences. */
  readonly unresolved: readonly string[];
  readonly declaration: Contract;
}

/** What repositories are called unless a repository says otherwise; `*` stands for any letters. */
export const USUAL_INTERFACES: readonly string[] = ["*Repository"];

/** Finds the interfaces (or types of methods, or abstract classes) that are called by one of the patterns. Only files that declare such a name are parsed. */
export function findInterfaces(code: CodeBase, patterns: readonly string[] = USUAL_INTERFACES): DataInterface[] {
  const words = patterns
    .map((pattern) =>
      pattern
        .split("*")
        .map((part) => part.replace(/[^\w$]/g, "\\$&").replaceAll("$", "\\$"))
        .join("[\\w$]*"),
    )
    .join("|");
  const declares = new RegExp(`\\b(?:interface|type|class)\\s+(?:${words})\\b`);
  const named = new RegExp(`^(?:${words})$`);
  return code.sources.code.flatMap((file) => {
    const text = code.sources.text(file);
    const source = text !== null && declares.test(text) ? code.sources.parse(file) : null;
    const seen = new Set<string>();
    return (source?.statements ?? []).flatMap((statement) => {
      if (!asksForMethods(statement) || !statement.name || !named.test(statement.name.text)) return [];
      const name = statement.name.text;
      if (seen.has(name)) return [];
      seen.add(name);
      const { methods, unresolved } = methodsOf(code, statement);
      if (methods.length === 0) return [];
      const around = code.modules.packages.folderAround(file);
      const place = placeOf(statement.name);
      return [{ name, place, package: around, methods, unresolved, declaration: statement }];
    });
  });
}

function asksForMethods(node: ts.Node): node is Contract {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  return ts.isClassDeclaration(node) && isAbstract(node);
}
