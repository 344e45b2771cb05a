import type { HistoryEntry, Layout } from "./history.ts";
import { below, parentOf } from "./source-tree.ts";

/** `<migrations>/<timestamp>_<name>/migration.sql`, in the order of the folders' names. */
export const prisma: Layout = {
  tool: "prisma",
  async recognize(folder, tree) {
    const folders = tree.folders.get(folder)?.folders ?? [];
    const entries = folders.flatMap((name): HistoryEntry[] => {
      const own = below(folder, name);
      if (!tree.has(below(own, "migration.sql"))) return [];
      const down = tree.has(below(own, "down.sql")) ? below(own, "down.sql") : null;
      const path = below(own, "migration.sql");
      return [{ path, name, version: name, down, code: false, transactional: null }];
    });
    if (entries.length === 0) return null;
    const lock = await tree.settings(below(folder, "migration_lock.toml"));
    const provider = /^\s*provider\s*=\s*"([^"]*)"/m.exec(lock ?? "")?.[1];
    return {
      entries,
      foreign: provider === undefined || /^(?:postgresql|postgres)$/.test(provider) ? null : provider,
      claims: entries.map(({ path }) => parentOf(path)),
    };
  },
};
