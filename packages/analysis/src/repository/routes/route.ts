import type ts from "typescript";
import type { Piece } from "../constant-text.ts";
import type { CodePlace } from "../sources.ts";
import type { Framework } from "./carriers.ts";

/** A route of a service: `*` is any method. */
export interface Route {
  readonly method: string;
  /** Segments with parameters blanked as `{}`; `*` for the rest. */
  readonly segments: readonly string[];
  readonly framework: Framework;
  readonly place: CodePlace;
  /** What is run for it stands in here. */
  readonly node: ts.Node;
}

/** Something that could not be followed, with the reason in a sentence. */
export interface Unresolved {
  readonly what: string;
  readonly why: string;
  readonly place: CodePlace;
}

/** The segments of a route's path as frameworks write it, one list for each way an optional parameter can go; null where some of it is only known when it runs. */
export function routeSegments(pieces: readonly Piece[]): string[][] | null {
  const texts = pieces.filter((piece) => typeof piece === "string");
  if (texts.length < pieces.length) return null;
  let ways: string[][] = [[]];
  for (const raw of texts.join("").split("/")) {
    if (raw === "") continue;
    const optional = raw.startsWith(":") && raw.endsWith("?");
    const segment = blanked(raw);
    const longer = ways.map((way) => [...way, segment]);
    ways = optional ? [...ways, ...longer] : longer;
  }
  return ways;
}

/** `:id`, `:id(\\d+)`, `:id{[0-9]+}`, `{id}` and `{:id}` are parameters; `*`, `*name` and `:rest*` take the rest. */
function blanked(segment: string): string {
  if (segment.startsWith("*") || /^:[\w$]+[*+]$/.test(segment) || segment === "(.*)") return "*";
  const shortened = segment.replace(/:([\w$]+)(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\{[^{}]*\})?\??/g, "{}");
  return shortened.replace(/\{:?[\w$.]+\}/g, "{}");
}

/** Pieces one after the other with a slash between them where they have none. */
export function underneath(prefix: readonly Piece[], path: readonly Piece[]): Piece[] {
  return [...prefix, "/", ...path];
}

/** What of a path is only known when it runs. */
export function unknownIn(pieces: readonly Piece[]): string {
  const piece = pieces.find((each): each is ts.Node => typeof each !== "string");
  return `${piece?.getText().replace(/\s+/g, " ").slice(0, 80)} is only known when it runs`;
}
