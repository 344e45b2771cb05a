import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../change/canonical-json.ts";
import { CanonicalScanner, memberOf, SPAN, stringAt } from "./canonical-scan.ts";

const scanner = new CanonicalScanner();
const scan = (text: string) => scanner.scan(Buffer.from(text));

test("whatever the writer's canonical form is, it is accepted", () => {
  const member = fc.oneof(fc.jsonValue({ depthSize: "medium" }), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const name = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.dictionary(name, member), (value) => {
      expect(scan(canonicalJson(value))).toBe(true);
    }),
  );
});

test("what JSON.parse and the writer would write otherwise is refused", () => {
  const pieces = fc.constantFrom(
    '{"a":',
    '"b"',
    "1",
    "0",
    ".5",
    "e1",
    "-",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    " ",
    "\\u000a",
    "\\n",
    "true",
    "nul",
    "é",
    '"',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (list) => {
      const text = `{"a":${list.join("")}}`;
      let canonical = false;
      try {
        canonical = canonicalJson(JSON.parse(text)) === text;
      } catch {
        // Not JSON at all: not canonical either.
      }
      expect(scan(text)).toBe(canonical);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  '{"a":1,"a":2}',
  '{"b":1,"a":2}',
  '{"ab":1,"a":2}',
  '{"\\n":1,"\\t":2}',
  '{"\ue000":1,"\u{10000}":2}',
  '{"a": 1}',
  '{"a":1} ',
  '{"a":1}\r',
  '{"a" :1}',
  '{"a":1,}',
  "{a:1}",
  '{"a":[1 ,2]}',
  '{"a":[1,]}',
  '{"a":01}',
  '{"a":1.0}',
  '{"a":-0}',
  '{"a":1e400}',
  '{"a":12345678901234567890}',
  '{"a":+1}',
  '{"a":x}',
  '{"a":tru}',
  '{"a":"\\/"}',
  '{"a":"\\u0041"}',
  '{"a":"\\u001F"}',
  '{"a":"\\u000a"}',
  '{"a":"\\ud800"}',
  '{"a":"\t"}',
  "[1]",
  "null",
  "",
])("%s is not canonical", (text) => {
  expect(scan(text)).toBe(false);
});

test.each([
  '{"":[],"a":{},"é":[-1,0.5,1e+21,1e-7,123456789012345680000]}',
  '{"\\t":1,"\\n":2}',
  '{"\u{10000}":1,"\ue000":2}',
  '{"a":"\\u0000\\u0007\\b\\t\\n\\u000b\\f\\r\\u001f\\"\\\\/\u007f\u2028"}',
  '{"a":[true,false,null,[[{}]]]}',
])("%s is canonical", (text) => {
  expect(scan(text)).toBe(true);
});

test("nesting has an end", () => {
  const nested = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  expect(scan(nested(60))).toBe(true);
  expect(scan(nested(100_000))).toBe(false);
  expect(scan(`${'{"a":'.repeat(70)}1${"}".repeat(70)}`)).toBe(false);
});

test("bytes that are not UTF-8 are refused", () => {
  expect(scanner.scan(Uint8Array.from([...Buffer.from('{"a":"'), 0xc3, 0x28, ...Buffer.from('"}')]))).toBe(false);
});

test("a line that stops short is told from one that is wrong", () => {
  const whole = Buffer.from('{"a":["é–😀\\u001f\\n",-1.5e-7,true],"b":{}}');
  for (let length = 1; length < whole.length; length++) {
    expect(scanner.scan(whole.subarray(0, length))).toBe(false);
    expect([length, scanner.at]).toEqual([length, length]);
  }
  expect(scan('{"a":1;"b":2}')).toBe(false);
  expect(scanner.at).toBe(6);
});

test("members of the outermost object and of those in it are found", () => {
  const text = '{"a":{"x":1,"y":{"z":2}},"b":"c"}';
  scan(text);
  const found: string[] = [];
  for (let at = 0; at < scanner.spansEnd; at += SPAN) {
    const [depth = 0, name, nameEnd, value, end] = scanner.spans.slice(at, at + SPAN);
    found.push(`${depth} ${text.slice(name, nameEnd)}=${text.slice(value, end)}`);
  }
  expect(found).toEqual(["1 x=1", '1 y={"z":2}', '0 a={"x":1,"y":{"z":2}}', '0 b="c"']);
  expect(stringAt(Buffer.from(text), 29, 32)).toBe("c");
});

test("any number of members is found", () => {
  const members = Array.from({ length: 500 }, (_, index) => [`m${1000 + index}`, index] as const);
  expect(scan(canonicalJson(Object.fromEntries(members)))).toBe(true);
  expect(scanner.spansEnd).toBe(500 * SPAN);
  expect(scanner.spans[499 * SPAN + 2]).toBe(scanner.spans[499 * SPAN + 1]! + 5);
});

test("an object may stand among other bytes", () => {
  const bytes = Buffer.from('x{"a":1}\n{"b":"é"}');
  expect(scanner.scanFrom(bytes, 1)).toBe(true);
  expect(scanner.at).toBe(8);
  expect(scanner.scanFrom(bytes, 9)).toBe(true);
  expect(scanner.at).toBe(bytes.length);
  expect(scanner.scanFrom(bytes, 0)).toBe(false);
});

test("a string member of the outermost object is read by its name", () => {
  scan('{"a":{"x":"no"},"b":1,"x":"yes","é":"also"}');
  expect(memberOf(scanner, "x")).toBe("yes");
  expect(memberOf(scanner, "é")).toBe("also");
  expect(memberOf(scanner, "b")).toBeUndefined();
});
