import type { HistoryEntry, Layout, LeftAside } from "./history.ts";
import { below, compareText, type SourceTree } from "./source-tree.ts";
import { compareDotted } from "./versions.ts";

const VERSIONED = /^V(\d+(?:[._]\d+)*)__.*\.sql$/;
const REPEATABLE = /^R__.*\.sql$/;
const UNDO = /^U(\d+(?:[._]\d+)*)__.*\.sql$/;

/** `V<version>__<name>.sql` in the order of the versions, then `R__<name>.sql`; `U<version>__…` takes back, `….sql.conf` sets. */
export const flyway: Layout = {
  tool: "flyway",
  async recognize(folder, tree) {
    const files = tree.files(folder).filter((file) => file.endsWith(".sql"));
    const versioned = files.filter((file) => VERSIONED.test(file));
    const repeatable = files.filter((file) => REPEATABLE.test(file));
    if (versioned.length === 0 && repeatable.length === 0) return null;
    versioned.sort((a, b) => compareDotted(versionOf(a)!, versionOf(b)!) || compareText(a, b));
    const undo = new Map(files.flatMap((file) => (UNDO.test(file) ? [[normal(UNDO.exec(file)![1]!), file]] : [])));
    const entries = await Promise.all(
      [...versioned, ...repeatable].map(async (file): Promise<HistoryEntry> => {
        const version = versionOf(file);
        const down = version === null ? undefined : undo.get(normal(version));
        return {
          path: below(folder, file),
          name: file,
          version,
          down: down === undefined ? null : below(folder, down),
          code: false,
          transactional: await setting(tree, below(folder, `${file}.conf`)),
        };
      }),
    );
    const known = new Set([...versioned, ...repeatable]);
    const aside = files.flatMap((file): LeftAside[] =>
      known.has(file) || UNDO.test(file)
        ? []
        : [{ path: below(folder, file), why: "Flyway knows V…__, U…__ and R__ files as migrations, not this name" }],
    );
    return { entries, aside };
  },
};

async function setting(tree: SourceTree, path: string): Promise<boolean | null> {
  const conf = await tree.settings(path);
  return /^\s*executeInTransaction\s*=\s*false/m.test(conf ?? "") ? false : null;
}

function versionOf(file: string): string | null {
  return VERSIONED.exec(file)?.[1] ?? null;
}

/** One spelling for versions that Flyway takes for the same: 1_0 and 01. */
function normal(version: string): string {
  const parts = version.split(/[._]/).map((part) => part.replace(/^0+(?=\d)/, ""));
  while (parts.length > 1 && parts.at(-1) === "0") parts.pop();
  return parts.join(".");
}
