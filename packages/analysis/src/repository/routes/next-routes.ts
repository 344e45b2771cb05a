import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { nameText } from "../implementations/interface-methods.ts";
import { type CodePlace, placeOf } from "../sources.ts";
import type { Route } from "./route.ts";

const APP = /^(.*?\/)?(?:src\/)?app\/(?:(.*)\/)?route\.(?:ts|tsx|js|jsx|mts|mjs)$/;
const PAGES = /^(.*?\/)?(?:src\/)?pages\/(api(?:\/.*)?)\.(?:ts|tsx|js|jsx|mts|mjs)$/;
const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

/** Routes of Next.js by where their files are: route handlers of the app folder, and pages below `api`. */
export function nextRoutes(code: CodeBase): Route[] {
  return code.sources.code.flatMap((file) => {
    const app = APP.exec(file);
    const page = app ? null : PAGES.exec(file);
    if ((!app && !page) || !isNext(code, file)) return [];
    const folder = app ? (app[2] ?? "") : page![2]!.replace(/(?:^|\/)index$/, "");
    const methods = app ? handlers(code, file) : [pageMethods(code, file)].flat();
    return segmentsOf(folder).flatMap((segments) =>
      methods.map(({ method, place, node }): Route => ({ method, segments, framework: "next", place, node })),
    );
  });
}

function isNext(code: CodeBase, file: string): boolean {
  const around = code.modules.packages.at(code.modules.packages.folderAround(file));
  const { dependencies = {}, devDependencies = {} } = (around?.manifest ?? {}) as Record<
    string,
    Record<string, unknown>
  >;
  return "next" in dependencies || "next" in devDependencies;
}

/** `(group)` and `@slot` are no part of a path; `[[...rest]]` may be left out. */
function segmentsOf(folder: string): string[][] {
  let ways: string[][] = [[]];
  for (const part of folder.split("/")) {
    if (part === "" || /^\(.*\)$/.test(part) || part.startsWith("@")) continue;
    const optional = /^\[\[\.\.\..+\]\]$/.test(part);
    const segment = /^\[?\[\.\.\./.test(part) ? "*" : part.replace(/\[[^\]]+\]/g, "{}");
    const longer = ways.map((way) => [...way, segment]);
    ways = optional ? [...ways, ...longer] : longer;
  }
  return ways;
}

function handlers(code: CodeBase, file: string): { method: string; place: CodePlace; node: ts.Node }[] {
  const found: { method: string; place: CodePlace; node: ts.Node }[] = [];
  for (const statement of code.sources.parse(file)?.statements ?? []) {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const exported = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const names =
      ts.isVariableStatement(statement) && exported
        ? statement.declarationList.declarations.map(({ name }) => name)
        : ts.isFunctionDeclaration(statement) && exported && statement.name
          ? [statement.name]
          : ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
            ? statement.exportClause.elements.map(({ name }) => name)
            : [];
    for (const each of names) {
      const elements = ts.isObjectBindingPattern(each as ts.Node)
        ? (each as ts.ObjectBindingPattern).elements.map(({ name }) => name)
        : [each];
      for (const name of elements) {
        const method = ts.isIdentifier(name) ? nameText(name) : null;
        if (method && METHODS.has(method)) found.push({ method, place: placeOf(name), node: statement });
      }
    }
  }
  return found;
}

/** A page of the api answers the methods that it compares with, and any where it compares with none. */
function pageMethods(code: CodeBase, file: string): { method: string; place: CodePlace; node: ts.Node }[] {
  const source = code.sources.parse(file);
  if (!source) return [];
  const handler = source.statements.find(
    (one) =>
      ts.isExportAssignment(one) ||
      (ts.canHaveModifiers(one) && ts.getModifiers(one)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
  );
  if (!handler) return [];
  const place = placeOf(handler);
  const said = new Set([...source.text.matchAll(/["'](GET|POST|PUT|PATCH|DELETE)["']/g)].map(([, method]) => method!));
  return (said.size > 0 ? [...said] : ["*"]).map((method) => ({ method, place, node: handler }));
}
