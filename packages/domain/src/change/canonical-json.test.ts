import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("members are sorted by code unit, at every depth, without white space", () => {
  expect(canonicalJson({ b: [1, { d: null, c: true }], a: "x", B: false })).toBe(
    '{"B":false,"a":"x","b":[1,{"c":true,"d":null}]}',
  );
  expect(canonicalJson({ 9: 1, 10: 2 })).toBe('{"10":2,"9":1}');
  expect(canonicalJson({ "\u{1F600}": 1, "\uE000": 2 })).toBe('{"\u{1F600}":1,"\uE000":2}');
});

test("undefined members are dropped", () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test("scalars are written as JSON.stringify writes them", () => {
  expect(canonicalJson([-0, 1e21, 0.1, '\u0000\n"\\/\u2028é'])).toBe('[0,1e+21,0.1,"\\u0000\\n\\"\\\\/\u2028é"]');
  expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
});

test.each([
  ["undefined", undefined],
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["a bigint", 1n],
  ["NaN", Number.NaN],
  ["Infinity", [Number.POSITIVE_INFINITY]],
  ["undefined in a list", [undefined]],
  ["a hole in a list", new Array(1)],
  ["a lone surrogate", "\ud800"],
  ["a lone surrogate in a key", { "\udc00x": 1 }],
  ["a date", { at: new Date(0) }],
  ["an object whose prototype hides its class", Object.create({ constructor: undefined })],
])("%s is refused", (_name, value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});
