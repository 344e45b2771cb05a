import { dbmate } from "./dbmate.ts";
import { diesel } from "./diesel.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { goose } from "./goose.ts";
import type { Layout, MigrationHistory, Recognized } from "./history.ts";
import { plain, plainFiles, postgresMigrations } from "./plain.ts";
import { prisma } from "./prisma.ts";
import { knex, kysely, nodePgMigrate } from "./scripted.ts";
import type { SourceTree } from "./source-tree.ts";
import { sqitch } from "./sqitch.ts";
import { supabase } from "./supabase.ts";

/** Those that leave no doubt first; the plain folder last. */
const LAYOUTS: readonly Layout[] = [
  sqitch,
  drizzle,
  supabase,
  prisma,
  diesel,
  goose,
  dbmate,
  flyway,
  golangMigrate,
  nodePgMigrate,
  knex,
  kysely,
  postgresMigrations,
  plain,
];

/**
 * Every history of migrations in a tree, by folder; a folder belongs to one history at most. SQL files right in the root count as
 * migrations when the root was `named` as a place of migrations, or when there are no others.
 */
export async function findHistories(tree: SourceTree, named: boolean): Promise<MigrationHistory[]> {
  const claimed = new Set<string>();
  const found: MigrationHistory[] = [];
  for (const folder of tree.folders.keys()) {
    if (claimed.has(folder)) continue;
    for (const layout of folder === "" && named ? [...LAYOUTS, plainFiles] : LAYOUTS) {
      const recognized = await layout.recognize(folder, tree);
      if (!recognized) continue;
      for (const claim of recognized.claims ?? []) claimed.add(claim);
      found.push(historyOf(layout, folder, recognized));
      break;
    }
  }
  if (found.length > 0) return found;
  const rest = await plainFiles.recognize("", tree);
  return rest ? [historyOf(plainFiles, "", rest)] : [];
}

function historyOf(layout: Layout, folder: string, recognized: Recognized): MigrationHistory {
  const { entries, aside = [], notes = [], foreign = null } = recognized;
  return { tool: layout.tool, folder, entries, aside, notes, foreign };
}
