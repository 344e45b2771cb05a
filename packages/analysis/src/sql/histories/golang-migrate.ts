import type { HistoryEntry, Layout } from "./history.ts";
import { below } from "./source-tree.ts";
import { byNumber, leadingDigits } from "./versions.ts";

/** `<version>_<name>.up.sql` with `….down.sql` beside, in the order of the numbers. */
export const golangMigrate: Layout = {
  tool: "golang-migrate",
  async recognize(folder, tree) {
    const files = tree.files(folder);
    const ups = files.filter((file) => /\.up\.sql$/i.test(file)).sort(byNumber);
    if (ups.length === 0) return null;
    const byLowerName = new Map(files.map((file) => [file.toLowerCase(), file]));
    const entries = ups.map((file): HistoryEntry => {
      const down = byLowerName.get(file.toLowerCase().replace(/\.up\.sql$/, ".down.sql"));
      return {
        path: below(folder, file),
        name: file,
        version: leadingDigits(file),
        down: down === undefined ? null : below(folder, down),
        code: false,
        transactional: null,
      };
    });
    const aside = files
      .filter((file) => /\.sql$/i.test(file) && !/\.(?:up|down)\.sql$/i.test(file))
      .map((file) => ({ path: below(folder, file), why: "its name ends neither in .up.sql nor in .down.sql" }));
    return { entries, aside };
  },
};
