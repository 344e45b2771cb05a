import type { WorkspaceConfig } from "@change-mgmt/analysis/configuration/workspace-file.ts";
import type { Db, Tx } from "./store.ts";

export interface ConfigurationRecord {
  readonly version: number;
  readonly hash: string;
  readonly document: WorkspaceConfig;
  /** Where relative working folders of its commands start from; null for the server's own. */
  readonly folder: string | null;
  readonly changeId: string | null;
  readonly importedBy: string;
  readonly importedAt: string;
}

/** The configuration in force: the last one imported; undefined before the first. */
export async function currentConfiguration(db: Db | Tx): Promise<ConfigurationRecord | undefined> {
  const row = await db
    .selectFrom("configurations")
    .select(["version", "hash", "document", "folder", "change_id", "imported_by", "created_at"])
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  return (
    row && {
      version: row.version,
      hash: row.hash,
      document: row.document as WorkspaceConfig,
      folder: row.folder,
      changeId: row.change_id,
      importedBy: row.imported_by,
      importedAt: row.created_at.toISOString(),
    }
  );
}
