import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { propertyOf } from "../constant-text.ts";
import { nameText } from "../implementations/interface-methods.ts";
import { bare } from "../implementations/method-state.ts";
import { placeOf } from "../sources.ts";
import type { TableReference } from "./table-reference.ts";

/** A model of Prisma or a table of Drizzle as code names it. */
export type Model =
  | {
      readonly of: "prisma";
      readonly table: string;
      readonly name: string;
      readonly columns: ReadonlyMap<string, string>;
    }
  | {
      readonly of: "drizzle";
      readonly table: string;
      readonly name: string;
      readonly declaration: ts.Node;
      readonly columns: ReadonlyMap<string, string>;
    };

/** Finds the models of the tables: in `schema.prisma` with `@map` and `@@map`, and by `pgTable("…")`. */
export function findModels(code: CodeBase, tables: ReadonlySet<string>): Model[] {
  return [...prismaModels(code, tables), ...drizzleTables(code, tables)];
}

function prismaModels({ sources }: CodeBase, tables: ReadonlySet<string>): Model[] {
  return sources.reader.files
    .filter((file) => file.endsWith(".prisma"))
    .flatMap((file) => {
      const text = sources.text(file) ?? "";
      return [...text.matchAll(/^model\s+(\w+)\s*\{([\s\S]*?)^\}/gm)].flatMap(([, name, body]): Model[] => {
        const table = /@@map\("([^"]+)"\)/.exec(body!)?.[1] ?? name!;
        if (!tables.has(table)) return [];
        const columns = [...body!.matchAll(/^\s*(\w+)\s+\w+.*$/gm)].map(
          ([line, field]) => [field!, /@map\("([^"]+)"\)/.exec(line)?.[1] ?? field!] as const,
        );
        return [
          { of: "prisma", table, name: name!.charAt(0).toLowerCase() + name!.slice(1), columns: new Map(columns) },
        ];
      });
    });
}

function drizzleTables(code: CodeBase, tables: ReadonlySet<string>): Model[] {
  return code.sources.code.flatMap((file) => {
    const text = code.sources.text(file);
    const source = text?.includes("pgTable") ? code.sources.parse(file) : null;
    return (source?.statements ?? []).flatMap((statement) =>
      ts.isVariableStatement(statement) ? statement.declarationList.declarations.flatMap(declared) : [],
    );
  });

  function declared(declaration: ts.VariableDeclaration): Model[] {
    const call = declaration.initializer && bare(declaration.initializer);
    if (!call || !ts.isCallExpression(call) || !/(?:^|\.)(?:pgTable|table)$/.test(call.expression.getText())) return [];
    const [name, columns] = call.arguments;
    const table = name && ts.isStringLiteralLike(name) ? name.text : null;
    if (table === null || !tables.has(table) || !ts.isIdentifier(declaration.name)) return [];
    const object = columns && bare(columns);
    const pairs =
      object && ts.isObjectLiteralExpression(object)
        ? object.properties.filter(ts.isPropertyAssignment).map(columnOf)
        : [];
    return [{ of: "drizzle", table, name: declaration.name.text, declaration, columns: new Map(pairs) }];
  }

  /** The name of a column is the first text in what makes it, or that of its key. */
  function columnOf({ name, initializer }: ts.PropertyAssignment): readonly [string, string] {
    const key = nameText(name) ?? name.getText();
    let at: ts.Node = bare(initializer);
    while (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) at = bare(at.expression.expression);
    const first = ts.isCallExpression(at) ? at.arguments[0] : undefined;
    return [key, first && ts.isStringLiteralLike(first) ? first.text : key];
  }
}

const READS = /^(?:find|count|aggregate|groupBy)/;
const PRISMA =
  /^(?:find(?:Unique|First|Many)(?:OrThrow)?|count|aggregate|groupBy|create(?:Many)?(?:AndReturn)?|update(?:Many)?(?:AndReturn)?|upsert|delete(?:Many)?)$/;

/** References by the models of Prisma and the tables of Drizzle in one file. */
export function modelReferences(code: CodeBase, source: ts.SourceFile, models: readonly Model[]): TableReference[] {
  const found: TableReference[] = [];
  const look = (node: ts.Node): void => {
    for (const model of models) {
      const reference = model.of === "prisma" ? byPrisma(node, model) : byDrizzle(node, model);
      if (reference) found.push(reference);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;

  function byPrisma(node: ts.Node, model: Model): TableReference | null {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
    const { name, expression } = node.expression;
    if (!PRISMA.test(name.text) || !ts.isPropertyAccessExpression(expression) || expression.name.text !== model.name)
      return null;
    const [options] = node.arguments;
    const keys = new Set<string>();
    if (options) keysIn(options, keys);
    // Without a selection all columns are read.
    const chosen = propertyOf(code, options, "select") !== null;
    const columns = chosen ? [...keys].flatMap((key) => model.columns.get(key) ?? []) : null;
    return {
      table: model.table,
      columns,
      access: READS.test(name.text) ? "read" : "write",
      inserts: /^(?:create|upsert)/.test(name.text),
      by: "prisma",
      place: placeOf(node),
      node,
    };
  }

  function byDrizzle(node: ts.Node, model: Model): TableReference | null {
    if (
      model.of !== "drizzle" ||
      !ts.isIdentifier(node) ||
      node.text !== model.name ||
      ts.isImportSpecifier(node.parent)
    )
      return null;
    const meaning = code.symbols.meaningOf(node);
    if (!("declaration" in meaning) || meaning.declaration !== model.declaration || node.parent === model.declaration)
      return null;
    const { parent } = node;
    const column =
      ts.isPropertyAccessExpression(parent) && parent.expression === node
        ? model.columns.get(parent.name.text)
        : undefined;
    const verb =
      ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression)
        ? parent.expression.name.text
        : "";
    const access = /^(?:insert|update|delete)$/.test(verb) ? "write" : "read";
    return {
      table: model.table,
      columns: column === undefined ? null : [column],
      access,
      inserts: verb === "insert",
      by: "drizzle",
      place: placeOf(node),
      node,
    };
  }
}

function keysIn(node: ts.Node, keys: Set<string>): void {
  if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) keys.add(nameText(node.name) ?? "");
  ts.forEachChild(node, (child) => keysIn(child, keys));
}
