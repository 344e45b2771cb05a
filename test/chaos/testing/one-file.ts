import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../acceptance/testing/folder.ts";

const ENTRY = join(ROOT, "test/chaos/testing/crashing-server.ts");
/** They bring WebAssembly that they look for beside themselves. */
const LEFT_OUTSIDE = /^(libpg-query|@electric-sql\/pglite)(\/|$)/;

/** What a mortal server is run from, and the folder its compiled code is kept in. */
export interface OneFile {
  readonly path: string;
  readonly compileCache: string;
  remove(): void;
}

/**
 * Puts the crashing server into one file. Of its 1,400 modules a start spends three times as long on finding them as on everything else, and
 * a long run of trials is mostly starts.
 */
export async function oneFile(): Promise<OneFile> {
  const { build } = await import("../../../packages/web/node_modules/vite/dist/node/index.js");
  const folder = mkdtempSync(join(ROOT, "node_modules/.cache/one-file-"));
  await build({
    configFile: false,
    root: ROOT,
    logLevel: "error",
    publicDir: false,
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: ENTRY,
      outDir: folder,
      minify: false,
      target: "esnext",
      rolldownOptions: { external: [/^file:/], output: { entryFileNames: "server.mjs", codeSplitting: false } },
    },
    plugins: [
      {
        name: "left-outside",
        enforce: "pre",
        resolveId(id: string, importer: string | undefined) {
          if (importer === undefined || !LEFT_OUTSIDE.test(id)) return undefined;
          return { id: pathToFileURL(createRequire(importer).resolve(id)).href, external: true };
        },
      },
      {
        name: "own-place",
        enforce: "pre",
        // What a module reads beside itself, it still finds.
        load(id: string) {
          if (!/\.[cm]?[jt]s$/.test(id) || id.startsWith("\0")) return undefined;
          const code = readFileSync(id, "utf8");
          if (!code.includes("import.meta.")) return undefined;
          return code
            .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href))
            .replaceAll("import.meta.dirname", JSON.stringify(dirname(id)));
        },
      },
    ],
  });
  return {
    path: join(folder, "server.mjs"),
    compileCache: join(folder, "compiled"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
