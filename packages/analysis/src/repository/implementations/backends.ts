import { posix } from "node:path";
import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { type CodePlace, placeOf } from "../sources.ts";
import type { Implementation, MethodFact } from "./find-implementations.ts";
import type { DataInterface } from "./find-interfaces.ts";

/** A backend as a repository names it, with the folders whose implementations belong to it. */
export interface NamedBackend {
  readonly name: string;
  readonly paths: readonly string[];
}

/** One way to keep data behind the interfaces of a package. */
export interface Backend {
  readonly name: string;
  /** Folder of the package whose interfaces it implements. */
  readonly layer: string;
  readonly implementations: readonly Implementation[];
}

/** An implementation that is handed out where one of another backend is expected. */
export interface HandOut {
  readonly backend: string;
  readonly layer: string;
  readonly interface: DataInterface;
  readonly implementation: Implementation;
  readonly implementationBackend: string;
  /** The function or file that hands it out. */
  readonly by: string;
  readonly place: CodePlace;
}

const SAME: Readonly<Record<string, string>> = {
  inmemory: "memory",
  mem: "memory",
  pg: "postgres",
  postgresql: "postgres",
};

/** Which backend an implementation belongs to: as the repository says, else by its name around that of the interface, else by its package or folder. */
export function backendNameOf(
  code: CodeBase,
  { interface: asked, name, place }: Pick<Implementation, "interface" | "name" | "place">,
  named: readonly NamedBackend[],
): string {
  const said = named.find(({ paths }) => paths.some((path) => isBelow(place.file, path)));
  if (said) return said.name;
  const around = code.modules.packages.folderAround(place.file);
  const folders = new Set(place.file.split("/").slice(0, -1).map(sameWord));
  const own = affix(asked.name, name);
  // A class is often called after its folder and its technique both.
  const placed = own.find((word) => folders.has(sameWord(word)));
  if (own.length > 0) return sameWord(placed ?? own.join(""));
  const folder = around !== asked.package && around !== "" ? around : posix.dirname(place.file);
  return sameWord(posix.basename(folder));
}

function isBelow(file: string, path: string): boolean {
  const clean = path.replace(/^\.\//, "").replace(/\/+$/, "");
  return clean === "" || clean === "." || file === clean || file.startsWith(`${clean}/`);
}

/** The words a class is called by besides those of its interface: `supabase` of SupabaseOrderRepository. */
function affix(asked: string, name: string): string[] {
  const words = (text: string) => text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+/g) ?? [];
  const known = new Set(words(asked).map((word) => word.toLowerCase()));
  const own = words(name).map((word) => word.toLowerCase());
  const filler = new Set([
    "repository",
    "repo",
    "impl",
    "implementation",
    "i",
    "create",
    "make",
    "new",
    "build",
    "get",
    "default",
    "the",
  ]);
  return own.filter(
    (word) => !known.has(word) && !known.has(`${word}s`) && !known.has(word.replace(/s$/, "")) && !filler.has(word),
  );
}

function sameWord(word: string): string {
  const lower = word.toLowerCase();
  return SAME[lower] ?? lower;
}

/** Puts implementations together into backends, one set for the interfaces of each package. What stands by itself, such as a cache around another one, is no backend. */
export function backendsOf(
  code: CodeBase,
  interfaces: readonly DataInterface[],
  implementations: readonly Implementation[],
  named: readonly NamedBackend[],
): Backend[] {
  const layers = Map.groupBy(interfaces, (one) => one.package);
  return [...layers].flatMap(([layer, asked]) => {
    const here = implementations.filter((each) => each.interface.package === layer);
    const groups = Map.groupBy(here, (each) => backendNameOf(code, each, named));
    for (const { name } of named) if (here.length > 0 && !groups.has(name)) groups.set(name, []);
    return [...groups].flatMap(([name, theirs]) => {
      const backend = { name, layer, implementations: theirs };
      return isBackend(code, backend, asked, named) ? [backend] : [];
    });
  });
}

function isBackend(
  code: CodeBase,
  { name, implementations }: Backend,
  asked: readonly DataInterface[],
  named: readonly NamedBackend[],
): boolean {
  if (named.length > 0) return named.some((each) => each.name === name);
  const covered = new Set(implementations.map((each) => each.interface)).size;
  if (covered * 2 >= asked.length) return true;
  // A package or folder of its own name is meant as one, however little is in it.
  return implementations.some(({ place }) => {
    const around = code.modules.packages.folderAround(place.file);
    return (
      sameWord(posix.basename(around)) === name ||
      place.file
        .split("/")
        .slice(0, -1)
        .some((part) => sameWord(part) === name)
    );
  });
}

/** The state of a method in a backend: what is inherited from another backend's class counts as missing in this one. */
export function stateIn(
  backend: string,
  { place }: Implementation,
  method: MethodFact,
  backendOfClass: ReadonlyMap<string, string>,
): MethodFact {
  const origin = method.from && backendOfClass.get(`${method.from.file}#${method.from.name}`);
  if (!method.from || !origin || origin === backend || method.state !== "real") return method;
  return { ...method, state: "missing", place, why: `it is the one of ${method.from.name}, which is of ${origin}` };
}

/** Finds where a factory or package of one backend makes an implementation of another. */
export function findHandOuts(code: CodeBase, backends: readonly Backend[], named: readonly NamedBackend[]): HandOut[] {
  const known = new Map(
    backends.flatMap(({ implementations, name, layer }) =>
      implementations.map(
        (implementation) => [implementation.body as ts.Node, { implementation, name, layer }] as const,
      ),
    ),
  );
  const names = [...new Set([...known.values()].map(({ implementation }) => implementation.name))];
  if (names.length === 0) return [];
  const said = new RegExp(`\\bnew\\s+(?:\\w+\\.)?(?:${names.join("|")})\\b`);
  const found: HandOut[] = [];
  const backendNames = new Set(backends.map(({ name }) => name));
  for (const file of code.sources.code) {
    const text = code.sources.text(file);
    const source = text !== null && said.test(text) ? code.sources.parse(file) : null;
    if (source) look(source);
  }
  return found;

  function look(node: ts.Node): void {
    ts.forEachChild(node, look);
    if (!ts.isNewExpression(node) || isWrapped(node)) return;
    const meaning = code.symbols.meaningOf(node.expression);
    const made = "declaration" in meaning ? known.get(meaning.declaration) : undefined;
    const expected = made && expectedAt(code, node, backendNames, named);
    if (!made || !expected || expected.backend === made.name) return;
    const { implementation, name, layer } = made;
    found.push({
      ...expected,
      layer,
      interface: implementation.interface,
      implementation,
      implementationBackend: name,
      place: placeOf(node),
    });
  }
}

/** An implementation that is given to another one is used by it, not handed out. */
function isWrapped(node: ts.Node): boolean {
  return ts.isNewExpression(node.parent) && node.parent.expression !== node;
}

function expectedAt(code: CodeBase, node: ts.Node, backends: ReadonlySet<string>, named: readonly NamedBackend[]) {
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    const name =
      ts.isFunctionDeclaration(at) || ts.isVariableDeclaration(at) || ts.isMethodDeclaration(at) ? at.name : undefined;
    const words =
      name
        ?.getText()
        .match(/[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+/g)
        ?.map(sameWord) ?? [];
    const meant = words.filter((word) => backends.has(word));
    // A function that is called after two of them chooses between them.
    if (new Set(meant).size > 1) return null;
    if (meant[0]) return { backend: meant[0], by: name!.getText() };
  }
  const { fileName } = node.getSourceFile();
  const said = named.find(({ paths }) => paths.some((path) => isBelow(fileName, path)));
  const around = sameWord(posix.basename(code.modules.packages.folderAround(fileName)));
  const backend = said?.name ?? (backends.has(around) ? around : null);
  return backend === null ? null : { backend, by: fileName };
}
