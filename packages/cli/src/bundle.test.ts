import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isFresh, SOURCES } from "./bundle.mjs";

const ROOT = resolve(import.meta.dirname, "../../..");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "change-mgmt-bundle-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a bundle is run only where nothing of a command has changed", () => {
  const bundle = () => join(folder, "made");

  function made(): void {
    rmSync(bundle(), { recursive: true, force: true });
    mkdirSync(bundle());
    for (const name of ["shared.ts", "apply.ts", "list.ts"]) writeFileSync(join(folder, name), "export {};\n");
    const files = ["shared.ts", "apply.ts", "list.ts"].map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return [`../${name}`, size, mtimeMs];
    });
    const commands = { apply: [0, 1], "view list": [0, 2] };
    writeFileSync(join(bundle(), SOURCES), JSON.stringify({ files, commands }));
  }

  beforeAll(made);

  test.each([[["apply", "x"]], [["--json", "view", "list"]], [["view", "list"]], [["--version"]], [[]]])(
    "untouched, it is fresh for %j",
    (line) => {
      made();
      expect(isFresh(bundle(), line)).toBe(true);
    },
  );

  test("a file of another command says nothing of this one, one of its own does", () => {
    made();
    writeFileSync(join(folder, "list.ts"), "export {  };\n");
    expect(isFresh(bundle(), ["apply"])).toBe(true);
    expect(isFresh(bundle(), ["view", "list"])).toBe(false);
    expect(isFresh(bundle(), ["--version"])).toBe(false);
    expect(isFresh(bundle(), ["postgres://x", "apply"])).toBe(false);
  });

  test("a file of the same size at another time has changed", () => {
    made();
    utimesSync(join(folder, "apply.ts"), 1, 1);
    expect(isFresh(bundle(), ["apply"])).toBe(false);
  });

  test("a file that has gone has changed", () => {
    made();
    rmSync(join(folder, "shared.ts"));
    expect(isFresh(bundle(), ["apply"])).toBe(false);
  });

  test.each(["", "[]", "{}", "null", '{"files": 1, "commands": {}}'])(
    "what is no list of sources is not trusted: %s",
    (text) => {
      made();
      writeFileSync(join(bundle(), SOURCES), text);
      expect(isFresh(bundle(), ["apply"])).toBe(false);
    },
  );

  test("where there is none, none is fresh", () => {
    expect(isFresh(join(folder, "nowhere"), ["apply"])).toBe(false);
  });
});

test("the bundled command line says what the sources say, of commands that start processes, load engines and find files too", () => {
  const bundle = join(folder, "bundle");
  const here = join(folder, "repository");
  execFileSync(process.execPath, [join(ROOT, "scripts/bundle-cli.ts"), bundle]);
  cpSync(join(ROOT, "examples/shop/supabase/migrations"), join(here, "migrations"), { recursive: true });
  const said = (entry: string, words: readonly string[]) => {
    const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, "cache"), TZ: "UTC" };
    const started = spawnSync(process.execPath, [entry, ...words], { cwd: here, env, encoding: "utf8" });
    // How long things took differs from run to run.
    return {
      code: started.status,
      out: started.stdout.replace(/\d+(?:\.\d+)? (?:ms|s)\b|"milliseconds": [\d.]+/g, "…"),
      errors: started.stderr,
    };
  };
  const lines = [
    ["--version"],
    ["check"],
    ["check", "--text-only", "--no-cache", "--json"],
    ["schema", "diff", "migrations", "migrations"],
    ["process", "check", join(ROOT, "processes/snapshot")],
  ];
  for (const words of lines) {
    const sources = said(join(ROOT, "packages/cli/src/main.ts"), words);
    expect(sources.out + sources.errors).not.toBe("");
    expect(said(join(bundle, "main.js"), words)).toEqual(sources);
  }
  expect(existsSync(join(here, "dist"))).toBe(false);
  expect(isFresh(bundle, ["check"])).toBe(true);
});
