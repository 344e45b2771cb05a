import type { CodeBase } from "../code-base.ts";
import { declaredRoutes } from "./declared-routes.ts";
import { nestRoutes } from "./nest-routes.ts";
import { nextRoutes } from "./next-routes.ts";
import type { Route, Unresolved } from "./route.ts";

/** The routes of a repository, each once, in the order of their places, and what could not be followed. */
export function readRoutes(code: CodeBase): { routes: readonly Route[]; unresolved: readonly Unresolved[] } {
  const declared = declaredRoutes(code);
  const nest = nestRoutes(code);
  const known = new Map<string, Route>();
  for (const route of [...declared.routes, ...nest.routes, ...nextRoutes(code)]) {
    const { file, line, column } = route.place;
    known.set([route.method, ...route.segments, "", file, line, column].join("/"), route);
  }
  const routes = [...known.values()].sort(
    (a, b) =>
      (a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : 0) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column,
  );
  return { routes, unresolved: [...declared.unresolved, ...nest.unresolved] };
}
