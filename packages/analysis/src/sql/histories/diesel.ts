import type { HistoryEntry, Layout } from "./history.ts";
import { below, compareText, parentOf } from "./source-tree.ts";

/** `<migrations>/<version>_<name>/up.sql` with `down.sql` and, at times, `metadata.toml`, in the order of the versions as text. */
export const diesel: Layout = {
  tool: "diesel",
  async recognize(folder, tree) {
    const folders = tree.folders.get(folder)?.folders ?? [];
    const own = folders.filter((name) => /^\d/.test(name) && tree.has(below(below(folder, name), "up.sql")));
    if (own.length === 0) return null;
    const entries = await Promise.all(
      own.map(async (name): Promise<HistoryEntry> => {
        const at = below(folder, name);
        const metadata = await tree.settings(below(at, "metadata.toml"));
        return {
          path: below(at, "up.sql"),
          name,
          version: versionOf(name),
          down: tree.has(below(at, "down.sql")) ? below(at, "down.sql") : null,
          code: false,
          transactional: /^\s*run_in_transaction\s*=\s*false/m.test(metadata ?? "") ? false : null,
        };
      }),
    );
    entries.sort((a, b) => compareText(a.version!, b.version!));
    return { entries, claims: entries.map(({ path }) => parentOf(path)) };
  },
};

/** Diesel takes what stands before the first underscore, without dashes. */
function versionOf(name: string): string {
  return name.split("_")[0]!.replaceAll("-", "");
}
