import type { Layout } from "./history.ts";
import { below } from "./source-tree.ts";

const NAME = /^(\d+)_.*\.sql$/;

/** `supabase/migrations/<version>_<name>.sql`, in the order of the file names. */
export const supabase: Layout = {
  tool: "supabase",
  async recognize(folder, tree) {
    if (!/(?:^|\/)supabase\/migrations$/.test(tree.absolute(folder))) return null;
    const files = tree.files(folder).filter((file) => /\.sql$/i.test(file));
    if (files.length === 0) return null;
    const named = files.filter((file) => NAME.test(file));
    const others = files.filter((file) => !NAME.test(file));
    return {
      entries: named.map((file) => ({
        path: below(folder, file),
        name: file,
        version: NAME.exec(file)![1]!,
        down: null,
        code: false,
        transactional: null,
      })),
      aside: others.map((file) => ({
        path: below(folder, file),
        why: "Supabase applies only files whose name is digits, an underscore and a name",
      })),
    };
  },
};
