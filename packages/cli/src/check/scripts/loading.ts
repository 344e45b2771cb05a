import { existsSync, readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ENDINGS = [".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", "/index.ts", "/index.js"];
const MODULE_SYNTAX = /^[ \t]*(?:import\s[^(]|import\s*["'{]|export\s)/m;

/**
 * Loads the repository's own files as their tools do, which are laxer than Node: a file with `import` or `export` is a module whatever its
 * package says, and an import may leave the ending out or say `.js` for a `.ts` file.
 */
export function loadAsToolsDo(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (!/^\.{1,2}\//.test(specifier) || !isOwn(context.parentURL)) return next(specifier, context);
      const path = fileURLToPath(new URL(specifier, context.parentURL!));
      if (existsSync(path) && extname(path) !== "") return next(specifier, context);
      const instead = [path.replace(/\.js$/, ".ts"), ...ENDINGS.map((ending) => path + ending)].find((each) =>
        existsSync(each),
      );
      if (instead === undefined) return next(specifier, context);
      return next(context.conditions.includes("require") ? instead : pathToFileURL(instead).href, context);
    },
    load(url, context, next) {
      const ending = extname(url);
      if (!isOwn(url) || !/^\.[mc]?[tj]s$/.test(ending)) return next(url, context);
      const text = readFileSync(fileURLToPath(url), "utf8");
      if (!MODULE_SYNTAX.test(text) || ending === ".cts" || ending === ".cjs") return next(url, context);
      const source = ending.endsWith("ts") ? stripTypeScriptTypes(text, { mode: "transform" }) : text;
      return { format: "module", source, shortCircuit: true };
    },
  });
}

/** True for a file of the repository, and not of what it depends on. */
function isOwn(url: string | undefined): url is string {
  return url?.startsWith("file:") === true && !url.includes("/node_modules/");
}
