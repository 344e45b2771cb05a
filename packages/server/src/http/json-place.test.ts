import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonErrorPlace, jsonTwicePlace } from "./json-place.ts";

test.each([
  ['{"a": }', 1, 7],
  ['{"a": 1,}', 1, 9],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ["[1, 2", 1, 6],
  ['{"a": tru}', 1, 7],
  ["{'a': 1}", 1, 2],
  ['{"a": 01}', 1, 7],
  ["[1.]", 1, 2],
  ['"a\nb"', 1, 1],
  ['["\\x"]', 1, 2],
  ["{} {}", 1, 4],
  ["[}", 1, 2],
  ['{"a" 1}', 1, 6],
  ["", 1, 1],
  ["\n", 2, 1],
])("%j breaks at line %i, column %i", (text, line, column) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(jsonErrorPlace(text)).toEqual({ line, column });
});

test("every JSON text is found whole", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom("", " ", "\n\t"), (text, blank) => {
      expect(jsonErrorPlace(blank + text + blank)).toBeUndefined();
    }),
  );
});

test("whatever JSON.parse refuses has a place, and what it takes has none", () => {
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", "]", '"', ":", "0", "-", "e", "\\", "\u0001", "x"))
    .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
  fc.assert(
    fc.property(damaged, (text) => {
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      expect(jsonErrorPlace(text) === undefined).toBe(parses);
    }),
    { numRuns: 2000 },
  );
});

test("nesting of any depth is searched without running out of stack", () => {
  expect(jsonErrorPlace("[".repeat(200_000))).toEqual({ line: 1, column: 200_001 });
});

test.each([
  ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}],"d":"a","e":"\\"a\\":1"}', undefined],
  ['["a","a"]', undefined],
  ['{"a":1,"a":1}', { line: 1, column: 8 }],
  ['{"a":{"b":[{}],\n "b" : 2}}', { line: 2, column: 2 }],
  ['{"a":1,"\\u0061":1}', { line: 1, column: 8 }],
  ['{"__proto__":1,"toString":1}', undefined],
])("%s names a member twice at %j", (text, place) => {
  expect(jsonTwicePlace(text)).toEqual(place);
});

test("texts of any length are searched for members named twice without running out of stack", () => {
  const long = `{"a":"${"\\n".repeat(4_000_000)}","a":1}`;
  expect(jsonTwicePlace(long)).toEqual({ line: 1, column: long.length - 5 });
});
