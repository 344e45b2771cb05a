import { Modules } from "./modules.ts";
import type { RepositoryReader } from "./reader.ts";
import { Sources } from "./sources.ts";
import { Symbols } from "./symbols.ts";

/** The code of a repository with the means to follow its imports and names. */
export interface CodeBase {
  readonly sources: Sources;
  readonly modules: Modules;
  readonly symbols: Symbols;
}

/** Opens a repository; of its code nothing is read before somebody asks. */
export function openCodeBase(reader: RepositoryReader): CodeBase {
  const sources = new Sources(reader);
  const modules = new Modules(sources);
  return { sources, modules, symbols: new Symbols(sources, modules) };
}
