import { accept, type Outcome, type Place, type Problem, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { nearest } from "@change-mgmt/domain/process/suggestion.ts";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import type { z } from "zod";

type Path = readonly PropertyKey[];

/** A parsed YAML text that still knows where everything stood. */
export interface YamlFile {
  readonly value: unknown;
  /** The place of what a path leads to, or of the nearest thing around it that exists. */
  readonly placeOf: (path: Path) => Place;
  /** The place of a key inside the map a path leads to. */
  readonly placeOfKey: (path: Path, key: string) => Place;
}

/** Parses one YAML document. Refused with the given code and every syntax error at its line and column. */
export function readYaml(text: string, fileName: string, code: string): Outcome<YamlFile> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: fileName, line, column: col };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      code: "YAML_SYNTAX",
      message: error.message,
      place: at(error.pos[0]),
    }));
    return refuseFile(code, fileName, problems);
  }
  const placeOfNode = (node: Node | undefined): Place | undefined => (node?.range ? at(node.range[0]) : undefined);
  const placeOf = (path: Path): Place => {
    for (let length = path.length; length > 0; length--) {
      const place = placeOfNode(nodeAt(document, path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return { file: fileName, line: 1, column: 1 };
  };
  const placeOfKey = (path: Path, key: string): Place => {
    const map = nodeAt(document, path);
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    return placeOfNode(pair?.key as Node | undefined) ?? placeOf(path);
  };
  const value = valueIn(document);
  if (value.ok) return accept({ value: value.value, placeOf, placeOfKey });
  const place = placeOfNode(value.alias) ?? { file: fileName, line: 1, column: 1 };
  return refuseFile(code, fileName, [{ code: "YAML_SYNTAX", message: value.message, place }]);
}

/** What a document says, or the first alias where its aliases lead nowhere, into themselves, or to more than anybody writes. */
function valueIn(document: Document): { ok: true; value: unknown } | { ok: false; message: string; alias: Node } {
  let first: Alias | undefined;
  visit(document, {
    Alias(_key, alias) {
      first ??= alias;
    },
  });
  try {
    const value: unknown = document.toJS();
    // Refuses what contains itself.
    if (first !== undefined) JSON.stringify(value);
    return { ok: true, value };
  } catch (error) {
    if (first === undefined) throw error;
    return {
      ok: false,
      message: `Its aliases cannot be followed: ${(error as Error).message.split("\n")[0]}`,
      alias: first,
    };
  }
}

/** Holds a file against a schema. Refused with the given code and every problem at its line and column; unknown keys come with the nearest known one. */
export function checkShape<T extends z.ZodType>(
  schema: T,
  file: YamlFile,
  fileName: string,
  code: string,
): Outcome<z.output<T>> {
  const result = schema.safeParse(file.value);
  if (result.success) return accept(result.data);
  return refuseFile(
    code,
    fileName,
    result.error.issues.flatMap((issue) => problemsOf(issue, schema, file)),
  );
}

/** The refusal of a file with all its problems; the sentence names the first. */
export function refuseFile(code: string, fileName: string, problems: readonly Problem[]) {
  const [first] = problems;
  const where = first?.place?.line === undefined ? fileName : `${fileName}:${first.place.line}:${first.place.column}`;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const hint = first?.hint ?? "Correct the file.";
  return refuse(code, `${where}: ${first?.message}${more}`, hint, {
    problems,
    ...(first?.place && { place: first.place }),
  });
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType, file: YamlFile): readonly Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const close = nearest(key, known);
      const hint = close === undefined ? `Possible here: ${known.join(", ")}.` : `Did you mean "${close}"?`;
      return {
        code: "KEY_UNKNOWN",
        message: `"${key}" is no known key${inside(path)}`,
        hint,
        place: file.placeOfKey(issue.path, key),
      };
    });
  }
  if (issue.code === "invalid_union") {
    // The branch that went furthest says most about what was meant.
    const branches = issue.errors.map((errors) =>
      errors.map((error) => ({ ...error, path: [...issue.path, ...error.path] })),
    );
    const deepest = branches.sort((a, b) => depth(b) - depth(a))[0];
    if (deepest !== undefined && depth(deepest) > issue.path.length) {
      return deepest.flatMap((error) => problemsOf(error as z.core.$ZodIssue, schema, file));
    }
  }
  const values = issue.code === "invalid_value" ? issue.values.map(String) : [];
  const given = valueAt(file.value, path);
  const close = typeof given === "string" ? nearest(given, values) : undefined;
  const missing = given === undefined && path.length > 0;
  const message = missing
    ? `"${path.at(-1)}" is missing${inside(path.slice(0, -1))}`
    : `${path.join(".") || "The file"}: ${issue.message}`;
  const hint = close === undefined ? "See the documentation of this file." : `Did you mean "${close}"?`;
  return [{ code: missing ? "KEY_MISSING" : "VALUE_INVALID", message, hint, place: file.placeOf(issue.path) }];
}

function depth(errors: readonly { readonly path: Path }[]): number {
  return Math.max(0, ...errors.map((error) => error.path.length));
}

function inside(path: readonly string[]): string {
  return path.length === 0 ? "" : ` in ${path.join(".")}`;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null ? (current as Record<string, unknown>)[key] : undefined,
    value,
  );
}

function nodeAt(document: Document, path: Path): Node | undefined {
  let node = document.contents as Node | null | undefined;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node))
      node = node.items.find((pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(key))
        ?.value as Node;
    else if (isSeq(node)) node = node.items[Number(key)] as Node;
    else return undefined;
  }
  return node ?? undefined;
}

/** The keys a schema knows where a path leads. */
function keysAt(schema: z.ZodType, path: readonly string[]): readonly string[] {
  let candidates = alternatives(schema);
  for (const key of path) candidates = candidates.flatMap((candidate) => childOf(candidate, key)).flatMap(alternatives);
  return [
    ...new Set(
      candidates.flatMap((candidate) =>
        candidate.def.type === "object" ? Object.keys((candidate as z.ZodObject).shape) : [],
      ),
    ),
  ];
}

function alternatives(schema: z.ZodType): z.ZodType[] {
  const def = schema.def as {
    readonly innerType?: z.ZodType;
    readonly options?: readonly z.ZodType[];
    readonly in?: z.ZodType;
  };
  if (def.innerType !== undefined) return alternatives(def.innerType);
  if (def.in !== undefined) return alternatives(def.in);
  return def.options === undefined ? [schema] : def.options.flatMap(alternatives);
}

function childOf(schema: z.ZodType, key: string): z.ZodType[] {
  const def = schema.def as {
    readonly shape?: Record<string, z.ZodType>;
    readonly element?: z.ZodType;
    readonly valueType?: z.ZodType;
  };
  const child = def.shape?.[key] ?? def.element ?? def.valueType;
  return child === undefined ? [] : [child];
}
