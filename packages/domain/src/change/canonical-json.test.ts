import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("keys are sorted, undefined members dropped, nothing insignificant is written", () => {
  expect(canonicalJson({ b: [1, "ä", null], a: { d: true, c: undefined } })).toBe('{"a":{"d":true},"b":[1,"ä",null]}');
});

test("every JSON value comes back as it was, whatever the order of its keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = canonicalJson(value);
      const plain = JSON.parse(JSON.stringify(value));
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(JSON.parse(text)).toEqual(plain);
      expect(canonicalJson(turned)).toBe(text);
    }),
  );
});

test.each([
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [[undefined]],
  [() => 1],
  [10n],
  [Symbol("a")],
  [new Date(0)],
  [new Map()],
])("what JSON cannot say throws: %s", (value) => {
  expect(() => canonicalJson({ value })).toThrow(TypeError);
});
