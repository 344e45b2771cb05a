import { expect, test } from "vitest";
import { importsOf, readSource, stringsOf } from "./source.ts";

const specifiers = (text: string) => importsOf(readSource(text)).map((found) => found.specifier);

test("every form of import is found", () => {
  const text = `
import a from "./a.ts";
import type { B } from './b.ts';
import {
  c,
  type C, // with a "remark"
} from "./c.ts";
import * as d from "./d.ts"; import "./e.ts";
export { f } from "./f.ts";
export * from "./g.ts";
export type { H } from "./h.ts";
type I = import("./i.ts").I;
const j = await import("./j.ts");
const k = new Worker(new URL("./k.ts", import.meta.url));
const l = import.meta.resolve("./l.ts");
import m, { n } from
  "./m.ts";
`;
  expect(specifiers(text)).toEqual([..."abcdefghijklm"].map((name) => `./${name}.ts`));
});

test("an import has the line it begins at", () => {
  expect(importsOf(readSource('const a = 1;\n\nimport {\n  b,\n} from "./b.ts";\n'))).toEqual([
    { specifier: "./b.ts", line: 3 },
  ]);
});

test("what looks like an import in a comment, a string, a template or a regular expression is none", () => {
  const text = [
    '// import a from "./a.ts";',
    '/* import b from "./b.ts"; */',
    `const c = 'import c from "./c.ts"';`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source under test holds a template
    'const d = `import d from "./d.ts"; ${nested(`import("./e.ts")`, { f: "}" })} import "./f.ts"`;',
    'const g = /import "g.ts"/;',
    'const from = "h.ts";',
    'export const importance = "i.ts";',
    'const url = "https://example.org"; // import j from "./j.ts"',
  ].join("\n");
  expect(specifiers(text)).toEqual([]);
});

test("an import inside the substitution of a template is found", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source under test holds a template
  expect(specifiers('const a = `${(await import("./a.ts")).a} and ${"b"}`;')).toEqual(["./a.ts"]);
});

test("the address of a folder or a document is no import", () => {
  expect(specifiers('new URL("./migrations/", import.meta.url); new URL("./a.sql", import.meta.url);')).toEqual([]);
});

test("a division is not taken for a regular expression, nor a quote in a regular expression for a string", () => {
  expect(specifiers('const a = b / c; import("./a.ts"); const d = e / f;')).toEqual(["./a.ts"]);
  expect(specifiers(`const a = /["']/; import("./a.ts");`)).toEqual(["./a.ts"]);
  expect(specifiers(`const a = /[/"]/.test(b); import("./a.ts");`)).toEqual(["./a.ts"]);
});

test("an export of its own names does not swallow the import after it", () => {
  expect(specifiers('export { a };\nexport function b() {}\nimport { c } from "./c.ts";')).toEqual(["./c.ts"]);
});

test("strings are found with their line, and comments apart from code", () => {
  const source = readSource("const a = 'x'; // 'y'\nconst b = `z`; /* TODO */\n");
  expect(stringsOf(source)).toEqual([
    { value: "x", line: 1 },
    { value: "z", line: 2 },
  ]);
  expect(source.comments).toContain("TODO");
  expect(source.uncommented).not.toContain("TODO");
});
