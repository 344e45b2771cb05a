import type { LocatedHistory } from "@change-mgmt/analysis/check/locate.ts";
import type { HistoryEntry } from "@change-mgmt/analysis/sql/histories/history.ts";
import { readSections } from "@change-mgmt/analysis/sql/migration-sections.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { sha256 } from "../sha256.ts";

/** A migration of a history on disk with its text. */
export interface HistoryText {
  readonly entry: HistoryEntry;
  readonly text: string;
  /** Hex SHA-256 of its way there, whatever the ends of its lines. */
  readonly hash: string;
  /** Run again whenever its content changes. */
  readonly repeatable: boolean;
}

/**
 * Reads every migration of a history without parsing its SQL. Refuses with MIGRATION_UNREADABLE, with MIGRATION_FORMAT for marks that do
 * not fit, and with MIGRATIONS_FOREIGN for a history of another database.
 */
export async function readHistory({ tree, history }: LocatedHistory): Promise<Outcome<HistoryText[]>> {
  if (history.foreign !== null) {
    return refuse(
      "MIGRATIONS_FOREIGN",
      `The migrations in ${history.folder || "."} are for ${history.foreign}.`,
      "Name a folder with migrations for Postgres.",
    );
  }
  const sources = await Promise.all(history.entries.map(({ path }) => tree.text(path)));
  const read: HistoryText[] = [];
  for (const [at, entry] of history.entries.entries()) {
    const source = sources[at]!;
    if (!source.ok) {
      return refuse(
        "MIGRATION_UNREADABLE",
        `${entry.path} cannot be read: ${source.detail}.`,
        "Make it a file of UTF-8 text that may be read here.",
        { place: { file: entry.path } },
      );
    }
    const sections = entry.code
      ? null
      : readSections({ path: entry.path, text: source.text, tool: history.tool, transactional: entry.transactional });
    if (sections && !sections.ok) return sections;
    const up = sections?.value.up.text ?? source.text;
    read.push({
      entry,
      text: source.text,
      hash: sha256(up.replaceAll("\r\n", "\n")),
      repeatable: history.tool === "flyway" && entry.version === null,
    });
  }
  return accept(read);
}
