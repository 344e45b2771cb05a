import ts from "typescript";
import type { Modules } from "./modules.ts";
import type { Sources } from "./sources.ts";

/** What a name leads to: its declaration, a name of a package from outside, or nothing, with the reason. */
export type Meaning =
  | { readonly declaration: ts.Node }
  | { readonly outside: string; readonly name: string }
  | { readonly unresolved: string };

/** The means to say what names in code lead to, across files. */
export class Symbols {
  readonly #sources: Sources;
  readonly #modules: Modules;

  constructor(sources: Sources, modules: Modules) {
    this.#sources = sources;
    this.#modules = modules;
  }

  /** What an expression or a type's name leads to: `x`, `x.y` of a namespace import. */
  meaningOf(name: ts.Node): Meaning {
    if (ts.isIdentifier(name)) return this.#lexical(name, name.text);
    const [left, right] = ts.isQualifiedName(name)
      ? [name.left, name.right.text]
      : ts.isPropertyAccessExpression(name)
        ? [name.expression, name.name.text]
        : [null, ""];
    if (left === null || !ts.isIdentifier(left)) return { unresolved: `"${name.getText()}" is more than a name` };
    const space = this.#declarationInScope(left, left.text);
    if (space && ts.isNamespaceImport(space)) return this.#imported(space, specifierOf(space), right);
    const meaning = space ? this.#follow(space) : null;
    if (meaning && "outside" in meaning) return { outside: meaning.outside, name: right };
    return { unresolved: `"${name.getText()}" is reached through a value` };
  }

  /** What a module exports under a name; `default` for its default export. */
  exported(file: string, name: string, seen: ReadonlySet<string> = new Set()): Meaning {
    const key = `${file}#${name}`;
    // Barrels that export each other lead around in circles.
    if (seen.has(key)) return { unresolved: `${file} exports "${name}" only in a circle` };
    const now = new Set([...seen, key]);
    const source = this.#sources.parse(file);
    if (!source) return { unresolved: `${file} cannot be read` };
    const stars: ts.ExportDeclaration[] = [];
    for (const statement of source.statements) {
      if (ts.isExportAssignment(statement) && name === "default") {
        const { expression } = statement;
        return ts.isIdentifier(expression) ? this.meaningOf(expression) : { declaration: expression };
      }
      if (ts.isExportDeclaration(statement)) {
        if (!statement.exportClause) stars.push(statement);
        else if (ts.isNamedExports(statement.exportClause)) {
          const found = statement.exportClause.elements.find((element) => element.name.text === name);
          if (found) return this.#exportedAs(statement, (found.propertyName ?? found.name).text, now);
        }
        continue;
      }
      const declared = declaredBy(statement, name === "default" ? null : name);
      if (declared && isExported(statement) && (name === "default") === isDefault(statement))
        return { declaration: declared };
    }
    for (const star of stars) {
      const found = name === "default" ? null : this.#exportedAs(star, name, now);
      if (found && !("unresolved" in found)) return found;
    }
    return { unresolved: `${file} exports no "${name}"` };
  }

  #exportedAs(statement: ts.ExportDeclaration, name: string, seen: ReadonlySet<string>): Meaning {
    const specifier = statement.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier)) return this.#lexical(statement, name);
    const target = this.#modules.resolve(statement.getSourceFile().fileName, specifier.text);
    if ("file" in target) return this.exported(target.file, name, seen);
    // Everything of an outside package might be meant by `export *`, so it answers for no name of its own.
    if ("outside" in target && statement.exportClause) return { outside: target.outside, name };
    return { unresolved: "outside" in target ? `"${name}" may come from ${target.outside}` : target.unresolved };
  }

  #lexical(from: ts.Node, name: string): Meaning {
    const declaration = this.#declarationInScope(from, name);
    return declaration ? this.#follow(declaration) : { unresolved: `"${name}" is declared nowhere` };
  }

  /** From an import to what was imported; a declaration stands for itself. */
  #follow(declaration: ts.Node): Meaning {
    if (ts.isImportSpecifier(declaration))
      return this.#imported(declaration, specifierOf(declaration), (declaration.propertyName ?? declaration.name).text);
    if (ts.isImportClause(declaration)) return this.#imported(declaration, specifierOf(declaration), "default");
    if (ts.isNamespaceImport(declaration)) return this.#imported(declaration, specifierOf(declaration), "*");
    return { declaration };
  }

  #imported(from: ts.Node, specifier: string, name: string): Meaning {
    const target = this.#modules.resolve(from.getSourceFile().fileName, specifier);
    if ("outside" in target) return { outside: target.outside, name };
    if ("unresolved" in target) return target;
    return this.exported(target.file, name);
  }

  /** The file or package of `import("…")`. */
  importedModule(call: ts.CallExpression): Meaning {
    const [specifier] = call.arguments;
    if (!specifier || !ts.isStringLiteralLike(specifier))
      return { unresolved: "it imports what is only known when it runs" };
    return this.#imported(call, specifier.text, "default");
  }

  #declarationInScope(from: ts.Node, name: string): ts.Node | null {
    for (let node: ts.Node | undefined = from; node; node = node.parent) {
      const found = declaredIn(node, name);
      if (found) return found;
    }
    return null;
  }
}

function specifierOf(node: ts.ImportSpecifier | ts.ImportClause | ts.NamespaceImport): string {
  let at: ts.Node = node;
  while (!ts.isImportDeclaration(at)) at = at.parent;
  return (at.moduleSpecifier as ts.StringLiteral).text;
}

function declaredIn(scope: ts.Node, name: string): ts.Node | null {
  if (ts.isFunctionLike(scope)) {
    for (const parameter of scope.parameters) {
      const found = bound(parameter.name, parameter, name);
      if (found) return found;
    }
    return null;
  }
  const statements = ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isModuleBlock(scope) ? scope.statements : null;
  for (const statement of statements ?? []) {
    const found = ts.isImportDeclaration(statement) ? importedBy(statement, name) : declaredBy(statement, name);
    if (found) return found;
  }
  return null;
}

function importedBy({ importClause }: ts.ImportDeclaration, name: string): ts.Node | null {
  if (!importClause) return null;
  if (importClause.name?.text === name) return importClause;
  const bindings = importClause.namedBindings;
  if (!bindings) return null;
  if (ts.isNamespaceImport(bindings)) return bindings.name.text === name ? bindings : null;
  return bindings.elements.find((element) => element.name.text === name) ?? null;
}

/** What a statement declares under a name; whatever it declares for null. */
function declaredBy(statement: ts.Node, name: string | null): ts.Node | null {
  if (ts.isVariableStatement(statement)) {
    for (const declaration of statement.declarationList.declarations) {
      const found = name === null ? declaration : bound(declaration.name, declaration, name);
      if (found) return found;
    }
    return null;
  }
  const named =
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return named && (name === null || statement.name?.text === name) ? statement : null;
}

/** The declaration that binds a name, or the element of a pattern that does. */
function bound(binding: ts.BindingName, owner: ts.Node, name: string): ts.Node | null {
  if (ts.isIdentifier(binding)) return binding.text === name ? owner : null;
  for (const element of binding.elements) {
    if (!ts.isBindingElement(element)) continue;
    const found = bound(element.name, element, name);
    if (found) return found;
  }
  return null;
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function isDefault(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}
