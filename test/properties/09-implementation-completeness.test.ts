import { resolve } from "node:path";
import { diskReader } from "@change-mgmt/analysis/repository/disk-reader.ts";
import { memoryReader } from "@change-mgmt/analysis/repository/reader.ts";
import { validateRepository } from "@change-mgmt/analysis/repository/validation/validate-repository.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

/**
 * Property 9 of the specification: for any data layer change, what it lacks of repository implementations, API endpoints and client methods
 * is found. Gaps are planted at random into the example shop, and each has to be found at its place, and nothing else.
 */
type Files = Record<string, string>;

const shop = diskReader(resolve(import.meta.dirname, "../../examples/shop"));
const whole: Files = Object.fromEntries(
  shop.files.flatMap((file) => {
    const read = shop.read(file);
    return "text" in read ? [[file, read.text]] : [];
  }),
);
const CLIENT = "data-layer/client/src/index.ts";
const errorsOf = (files: Files) =>
  validateRepository(memoryReader(files), {}, "2026-11-28").files.flatMap(({ path, findings }) =>
    findings.filter(({ severity }) => severity !== "info").map(({ rule, line }) => `${rule} ${path}:${line}`),
  );

const { methods, routes } = validateRepository(memoryReader(whole), {}, "2026-11-28");
const endpoints = routes.filter(({ calledBy }) => calledBy.length > 0);

/** A planted gap: what it does to the files, and what is to be found in them when all gaps are planted. */
interface Gap {
  readonly name: string;
  /** Gaps of one target are not planted together. */
  readonly target: string;
  plant(files: Files): void;
  expected(files: Files): string[];
}

const lineOf = (files: Files, file: string, text: string) => {
  const at = files[file]!.indexOf(text);
  expect(at, `${file} has ${text}`).toBeGreaterThanOrEqual(0);
  return files[file]!.slice(0, at).split("\n").length;
};

/** A member of a class in the shop's way of writing: from its name to the brace that closes it. */
const member = (name: string) => new RegExp(`\\n  (?:async )?${name}\\([\\s\\S]*?\\n  \\}\\n`);

function edit(files: Files, file: string, from: string | RegExp, to: string | ((found: string) => string)): void {
  const before = files[file]!;
  files[file] = before.replace(from, typeof to === "string" ? () => to : to);
  expect(files[file], `${file} ${from}`).not.toBe(before);
}

const dropMethods: Gap[] = methods.map(({ interface: one, method, backend, place: { file } }) => ({
  name: `drop ${backend} ${one}.${method}`,
  target: `${file}#${method}`,
  plant: (files) => edit(files, file, member(method), "\n"),
  expected: (files) => [`method-missing ${file}:${lineOf(files, file, "export class")}`],
}));

const STUBS = [
  'throw new Error("Not implemented");',
  'throw new NotImplementedError("later");',
  'return Promise.reject(new Error("not yet implemented"));',
  "// TODO: write it\n    return null;",
  "// FIXME\n    return [];",
  "return notImplemented();",
  "/* TODO */",
];
const stubMethods: Gap[] = methods.flatMap(({ interface: one, method, backend, place: { file } }) =>
  STUBS.map((body) => ({
    name: `stub ${backend} ${one}.${method} by ${body}`,
    target: `${file}#${method}`,
    plant: (files: Files) =>
      edit(files, file, member(method), (found) => found.replace(/ \{\n[\s\S]*/, ` {\n    ${body}\n  }\n`)),
    expected: (files: Files) => [`method-stub ${file}:${lineOf(files, file, `  async ${method}(`)}`],
  })),
);

/** The call of a client's method and the line on which it stands. */
const callLine = (files: Files, by: string) =>
  lineOf(files, CLIENT, files[CLIENT]!.match(member(by.split(".")[1]!))![0].match(/this\.request[^\n]*/)![0]);

const routeGaps: Gap[] = endpoints.flatMap((endpoint): Gap[] => {
  const { route, place, calledBy } = endpoint;
  const text = whole[place.file]!.split("\n")[place.line - 1]!;
  const by = calledBy[0]!.by;
  const target = route;
  const changed = (to: string): Pick<Gap, "plant" | "expected"> => ({
    plant: (files) => edit(files, place.file, text, to),
    expected: (files) => [
      `route-without-client ${place.file}:${lineOf(files, place.file, to)}`,
      `call-without-route ${CLIENT}:${callLine(files, by)}`,
    ],
  });
  const path = /"(\/[^"]*)"/.exec(text)![1]!;
  return [
    { name: `rename ${route}`, target, ...changed(text.replace(`"${path}"`, `"/renamed${path === "/" ? "" : path}"`)) },
    {
      name: `give ${route} a parameter`,
      target,
      ...changed(text.replace(`"${path}"`, `"${path === "/" ? "" : path}/:more/:other"`)),
    },
    { name: `${route} by another method`, target, ...changed(text.replace(/app\.\w+/, "app.delete")) },
    {
      name: `remove ${by}`,
      target,
      plant: (files) => edit(files, CLIENT, member(by.split(".")[1]!), "\n"),
      expected: (files) => [`route-without-client ${place.file}:${lineOf(files, place.file, text)}`],
    },
    {
      name: `${by} calls another path`,
      target,
      plant: (files) => edit(files, CLIENT, member(by.split(".")[1]!), (found) => found.replace("/api/", "/api/old-")),
      expected: (files) => [
        `route-without-client ${place.file}:${lineOf(files, place.file, text)}`,
        `call-without-route ${CLIENT}:${callLine(files, by)}`,
      ],
    },
  ];
});
const all = [...dropMethods, ...stubMethods, ...routeGaps];

test("the example shop has no gap", () => {
  expect(errorsOf(whole)).toEqual([]);
  expect([methods.length, endpoints.length, all.length]).toEqual([24, 11, 24 + 24 * STUBS.length + 11 * 5]);
});

test("gaps that are planted at random are all found, each at its place, and nothing else is", () => {
  fc.assert(
    fc.property(fc.subarray(all, { minLength: 1, maxLength: 6 }), (drawn) => {
      const gaps = [...new Map(drawn.map((gap) => [gap.target, gap])).values()];
      const files = { ...whole };
      for (const gap of gaps) gap.plant(files);
      expect(errorsOf(files).sort()).toEqual(gaps.flatMap((gap) => gap.expected(files)).sort());
    }),
    { numRuns: 60 },
  );
});
