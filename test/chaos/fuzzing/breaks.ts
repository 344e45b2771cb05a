import fc from "fast-check";
import { HOSTILE, UNSTORABLE } from "./texts.ts";

const deep = (levels: number, inside: unknown = 1): unknown => {
  let value = inside;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** What is put where something else belongs. Whether the whole then still is what the schema describes, the schema says. */
const ODD: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  5,
  1e308,
  2 ** 31,
  2 ** 53 + 2,
  -(2 ** 63),
  "",
  "5",
  "true",
  "x".repeat(25_000),
  [],
  [null],
  [[]],
  Array.from({ length: 1200 }, (_, at) => at),
  {},
  { toString: 1, valueOf: 1, hasOwnProperty: 1, length: -1 },
  deep(60),
  deep(500),
  ...UNSTORABLE,
];

type Members = Record<string | number, unknown>;
type Path = readonly (string | number)[];

/** A JSON value with one to three things in it put wrong: of another type, gone, one too many, too long, out of bounds. */
export function brokenFrom(value: unknown): fc.Arbitrary<unknown> {
  return fc
    .array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom("replace", "drop", "add", "repeat")), {
      minLength: 1,
      maxLength: 3,
    })
    .map((breaks) => breaks.reduce((broken, [where, what, how]) => breakOnce(broken, where, what, how), value));
}

function breakOnce(value: unknown, where: number, what: number, how: string): unknown {
  // By way of JSON, so that what was repeated is many values and not one in many places.
  const copy = JSON.parse(JSON.stringify({ root: value ?? null })) as Record<string, unknown>;
  const places = placesIn(copy).slice(1);
  const path = places[where % places.length]!;
  const parent = path.slice(0, -1).reduce((at, step) => at[step] as Members, copy as Members);
  const last = path.at(-1)!;
  const here = parent[last];
  if (how === "drop" && path.length > 1) {
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
  } else if (how === "add" && typeof here === "object" && here !== null) {
    if (Array.isArray(here)) here.push(ODD[what % ODD.length]);
    else (here as Members)[HOSTILE[what % HOSTILE.length]!] = ODD[what % ODD.length];
  } else if (how === "repeat" && Array.isArray(here) && here.length > 0 && JSON.stringify(here[0])?.length < 2000) {
    parent[last] = Array.from({ length: 1001 }, () => here[0]);
  } else parent[last] = ODD[what % ODD.length];
  return copy.root;
}

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null || path.length > 20) return [path];
  return [
    path,
    ...Object.keys(value)
      .slice(0, 50)
      .flatMap((key) => placesIn((value as Members)[key], [...path, key])),
  ];
}

/** Whether something in it cannot be stored by any database, or is nested deeper than is taken. */
export function isUnstorable(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed();
  if (typeof value !== "object" || value === null) return false;
  if (depth >= 100) return true;
  return Object.entries(value).some(([key, one]) => isUnstorable(key) || isUnstorable(one, depth + 1));
}

/** Bodies that are no JSON document which is taken anywhere. */
export const NOT_JSON: readonly (string | Buffer)[] = [
  "{",
  '{"a":1,}',
  "{'a':1}",
  "[1,2",
  "undefined",
  "NaN",
  '{"a":1}{"a":2}',
  "\ufeff{",
  '{"a":1,"a":1}',
  '{"reason":"x","reas\\u006fn":"y"}',
  '{"__proto__":{"admin":true}}',
  '{"fields":{"__proto__":{"admin":true}}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"a":"\u0001"}',
  '{"a":"\\x41"}',
  "[".repeat(100_000),
  '{"a":'.repeat(20_000),
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from('{"a":1}', "utf16le"),
];
