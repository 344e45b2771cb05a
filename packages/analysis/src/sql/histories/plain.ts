import type { HistoryEntry, Layout } from "./history.ts";
import { anyText } from "./marks.ts";
import { dependenciesOf } from "./package-dependencies.ts";
import { below, nameOf, type SourceTree } from "./source-tree.ts";
import { byNumber, leadingDigits } from "./versions.ts";

const DISABLE = /^[ \t]*--[ \t]*postgres-migrations[ \t]+disable-transaction\b/im;

/** `<number>[-_]<name>.sql` of a package that depends on postgres-migrations, in the order of the numbers. */
export const postgresMigrations: Layout = {
  tool: "postgres-migrations",
  async recognize(folder, tree) {
    const files = sqlFiles(tree, folder);
    const numbered = files.filter((file) => leadingDigits(file) !== null);
    if (numbered.length === 0) return null;
    const marked = await anyText(tree, folder, numbered, DISABLE);
    if (!marked && !(await dependenciesOf(tree, folder)).has("postgres-migrations")) return null;
    return {
      entries: entriesOf(folder, [...numbered].sort(byNumber)),
      aside: files
        .filter((file) => leadingDigits(file) === null)
        .map((file) => ({ path: below(folder, file), why: "postgres-migrations wants a number before the name" })),
    };
  },
};

/** SQL files of a folder that nobody's conventions fit, taken for migrations by the folder's name. */
export const plain: Layout = {
  tool: "plain",
  recognize: async (folder, tree) => (isMigrationsFolder(folder, tree) ? plainFiles.recognize(folder, tree) : null),
};

/** SQL files of a folder that somebody named: numbered names in the order of their numbers, then the others in the order of their text. */
export const plainFiles: Layout = {
  tool: "plain",
  async recognize(folder, tree) {
    const files = sqlFiles(tree, folder);
    const downs = new Set(files.filter((file) => /\.down\.sql$/i.test(file) || /^down\.sql$/i.test(file)));
    const ups = files.filter((file) => !downs.has(file)).sort(byNumber);
    if (ups.length === 0) return null;
    const entries = entriesOf(folder, ups).map((entry) => {
      const beside = [
        entry.name.replace(/\.sql$/i, ".down.sql"),
        ...(/^up\.sql$/i.test(entry.name) ? ["down.sql"] : []),
      ];
      const down = beside.find((name) => downs.has(name));
      return { ...entry, down: down === undefined ? null : below(folder, down) };
    });
    return { entries, notes: orderNotes(ups) };
  },
};

function sqlFiles(tree: SourceTree, folder: string): readonly string[] {
  return tree.files(folder).filter((file) => /\.sql$/i.test(file));
}

function isMigrationsFolder(folder: string, tree: SourceTree): boolean {
  return /migrat/i.test(nameOf(tree.absolute(folder)));
}

function entriesOf(folder: string, files: readonly string[]): HistoryEntry[] {
  return files.map((file) => ({
    path: below(folder, file),
    name: file,
    version: leadingDigits(file),
    down: null,
    code: false,
    transactional: null,
  }));
}

/** Says where the order of the numbers is not the order of the text, since a runner may go by either. */
function orderNotes(inOrder: readonly string[]): string[] {
  const asText = [...inOrder].sort();
  const at = inOrder.findIndex((name, index) => name !== asText[index]);
  if (at < 0) return [];
  return [
    `Taken in the order of the numbers, ${inOrder[at]} before ${inOrder[at + 1]}; sorted as text, ${asText[at]} would come first.`,
  ];
}
