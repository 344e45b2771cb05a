import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import type { CodePlace } from "../sources.ts";
import {
  type Backend,
  backendNameOf,
  backendsOf,
  findHandOuts,
  type HandOut,
  type NamedBackend,
  stateIn,
} from "./backends.ts";
import { findImplementations, type Implementation, type MethodFact } from "./find-implementations.ts";
import { type DataInterface, findInterfaces, USUAL_INTERFACES } from "./find-interfaces.ts";

/** What a repository has settled about its interfaces and backends; found out where it says nothing. */
export interface ImplementationSettings {
  readonly interfaces?: readonly string[];
  readonly backends?: readonly NamedBackend[];
}

/** One method of one interface in one backend. */
export interface MatrixCell {
  readonly interface: string;
  readonly interfacePlace: CodePlace;
  readonly method: string;
  readonly backend: string;
  readonly state: MethodFact["state"];
  /** Where it is; for a missing one where it belongs: its class, what is handed out instead, or else the interface's method. */
  readonly place: CodePlace;
  readonly why: string | null;
  /** The class or object; null where there is none. */
  readonly implementation: string | null;
}

/** What is known of interfaces and their implementations. */
export interface ImplementationFacts {
  readonly interfaces: readonly DataInterface[];
  readonly backends: readonly Backend[];
  readonly cells: readonly MatrixCell[];
  readonly handOuts: readonly HandOut[];
  /** Implementations that belong to no backend, such as a cache around another one. */
  readonly beside: readonly Implementation[];
  /** Interfaces that nothing implements. */
  readonly idle: readonly DataInterface[];
}

/** Reads which method of which interface is real, a stub or missing in which backend. */
export function readImplementations(code: CodeBase, settings: ImplementationSettings = {}): ImplementationFacts {
  const { interfaces: patterns = USUAL_INTERFACES, backends: named = [] } = settings;
  const all = findInterfaces(code, patterns);
  const implementations = findImplementations(code, all);
  const interfaces = all.filter((one) => !isOnlyBase(one, all, implementations, code));
  const used = interfaces.filter((one) => isUsed(one, interfaces, implementations));
  const backends = backendsOf(code, used, implementations, named);
  const handOuts = findHandOuts(code, backends, named);
  const backendOfClass = new Map(
    implementations.map((each) => [`${each.place.file}#${each.name}`, backendNameOf(code, each, named)]),
  );
  const cells = backends.flatMap((backend) =>
    used
      .filter((one) => one.package === backend.layer)
      .flatMap((one) => cellsOf(one, backend, handOuts, backendOfClass)),
  );
  const taken = new Set(backends.flatMap((backend) => backend.implementations));
  return {
    interfaces: used,
    backends,
    cells,
    handOuts,
    beside: implementations.filter((each) => !taken.has(each) && used.includes(each.interface)),
    idle: interfaces.filter((one) => !used.includes(one)),
  };
}

/** An interface of a package in which others are implemented counts as well: all its implementations may be missing. */
function isUsed(
  one: DataInterface,
  all: readonly DataInterface[],
  implementations: readonly Implementation[],
): boolean {
  const layer = all.filter((other) => other.package === one.package);
  return implementations.some((each) => layer.includes(each.interface));
}

/** True for what other interfaces extend and nothing implements by itself. */
function isOnlyBase(
  one: DataInterface,
  all: readonly DataInterface[],
  implementations: readonly Implementation[],
  code: CodeBase,
): boolean {
  if (implementations.some((each) => each.interface === one)) return false;
  return all.some(({ declaration }) => {
    const bases = ts.isTypeAliasDeclaration(declaration)
      ? []
      : (declaration.heritageClauses ?? []).flatMap(({ types }) => [...types]);
    return bases.some(({ expression }) => {
      const meaning = code.symbols.meaningOf(expression);
      return "declaration" in meaning && meaning.declaration === one.declaration;
    });
  });
}

const RANK: Readonly<Record<MethodFact["state"], number>> = { real: 0, unknown: 1, stub: 2, missing: 3 };

function cellsOf(
  one: DataInterface,
  backend: Backend,
  handOuts: readonly HandOut[],
  backendOfClass: ReadonlyMap<string, string>,
): MatrixCell[] {
  const all = backend.implementations.filter((each) => each.interface === one);
  // A class that others extend is judged by what they make of it.
  const theirs = all.filter((each) => !all.some((other) => other !== each && other.bases.has(each.body)));
  const instead = handOuts.find((each) => each.backend === backend.name && each.interface === one);
  return one.methods.map((method) => {
    const facts = theirs.map((each) => ({
      implementation: each.name,
      ...stateIn(backend.name, each, each.methods.find(({ name }) => name === method.name)!, backendOfClass),
    }));
    const [worst] = facts.sort((a, b) => RANK[b.state] - RANK[a.state]);
    const base = { interface: one.name, interfacePlace: one.place, method: method.name, backend: backend.name };
    if (worst) {
      const { state, place, why, implementation } = worst;
      return { ...base, state, place, why, implementation };
    }
    const why = instead
      ? `${instead.by} hands out ${instead.implementation.name} of ${instead.implementationBackend} instead`
      : `nothing of ${backend.name} implements ${one.name}`;
    return { ...base, state: "missing", place: instead?.place ?? method.place, why, implementation: null };
  });
}
