import type { Layout } from "./history.ts";
import { anyText } from "./marks.ts";
import { below } from "./source-tree.ts";

const NAME = /^(\d+).*\.sql$/;

/** `<version>_<name>.sql` with `-- migrate:up` in it, in the order of the file names. */
export const dbmate: Layout = {
  tool: "dbmate",
  async recognize(folder, tree) {
    const files = tree.files(folder).filter((file) => file.endsWith(".sql"));
    if (!(await anyText(tree, folder, files, /^[ \t]*--[ \t]*migrate:up\b/im))) return null;
    return {
      entries: files
        .filter((file) => NAME.test(file))
        .map((file) => ({
          path: below(folder, file),
          name: file,
          version: NAME.exec(file)![1]!,
          down: null,
          code: false,
          transactional: null,
        })),
      aside: files
        .filter((file) => !NAME.test(file))
        .map((file) => ({ path: below(folder, file), why: "dbmate wants a number before the name" })),
    };
  },
};
