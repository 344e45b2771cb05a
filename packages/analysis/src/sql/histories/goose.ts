import type { HistoryEntry, Layout } from "./history.ts";
import { anyText } from "./marks.ts";
import { below } from "./source-tree.ts";
import { byNumber } from "./versions.ts";

const NAME = /^(\d+)_.*\.(?:sql|go)$/;

/** `<version>_<name>.sql` with `-- +goose Up` in it, and `.go` beside, in the order of the numbers. */
export const goose: Layout = {
  tool: "goose",
  async recognize(folder, tree) {
    const files = tree.files(folder).filter((file) => /\.(?:sql|go)$/.test(file) && !file.endsWith("_test.go"));
    if (!(await anyText(tree, folder, files, /^[ \t]*--[ \t]*\+goose[ \t]+up\b/im))) return null;
    const named = files.filter((file) => NAME.test(file)).sort(byNumber);
    return {
      entries: named.map(
        (file): HistoryEntry => ({
          path: below(folder, file),
          name: file,
          version: NAME.exec(file)![1]!,
          down: null,
          code: file.endsWith(".go"),
          transactional: null,
        }),
      ),
      aside: files
        .filter((file) => file.endsWith(".sql") && !NAME.test(file))
        .map((file) => ({ path: below(folder, file), why: "goose wants a number and an underscore before the name" })),
    };
  },
};
