import type { AppliedThere, LedgerReader, LiveAddress } from "@change-mgmt/analysis/check/against/live-database.ts";
import type { LocatedHistory } from "@change-mgmt/analysis/check/locate.ts";
import type { QueryFunction } from "@change-mgmt/analysis/introspection/introspect.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { type HistoryText, readHistory } from "@change-mgmt/server/artifacts/migration/apply/history-files.ts";
import { hasLedger } from "@change-mgmt/server/artifacts/migration/ledger.ts";
import { sha256 } from "@change-mgmt/server/artifacts/migration/sha256.ts";
import { isKept } from "@change-mgmt/server/artifacts/migration/tool-ledgers/ledgers.ts";
import { openLedger } from "@change-mgmt/server/artifacts/migration/tool-ledgers/open-ledger.ts";
import { readAddress } from "@change-mgmt/server/assets/databases/reference.ts";

/** The live database of an address, to be read with its ledgers; null for a text that is no Postgres address. */
export function liveDatabaseAt(text: string): LiveAddress | null {
  const address = readAddress(text);
  if (address === null) return null;
  const { url, shown, secrets } = address;
  return { url, shown, secrets, readLedgers: readAppliedThere };
}

/**
 * Reads which migrations of a history a database has, by our ledger and by that of its tool; writes nothing. Refuses with
 * TOOL_LEDGER_UNKNOWN, and with what reading the files refuses.
 */
const readAppliedThere: LedgerReader = async (query, located) => {
  const { history } = located;
  if (history.foreign !== null) return accept({ ledgers: [], applied: new Set(), notes: [] });
  const texts = await readHistory(located);
  if (!texts.ok) return texts;
  const own = await readOwn(query, texts.value);
  const tool = await readTool(query, located, texts.value);
  if (!tool.ok) return tool;
  const found = [own, tool.value].filter((one) => one !== null);
  return accept({
    ledgers: found.flatMap(({ ledgers }) => ledgers),
    applied: new Set(found.flatMap(({ applied }) => [...applied])),
    notes: found.flatMap(({ notes }) => notes),
  });
};

/** By content: a change under control has names of its own for what it deploys. */
async function readOwn(query: QueryFunction, texts: readonly HistoryText[]): Promise<AppliedThere | null> {
  if (!(await hasLedger(session(query)))) return null;
  const { rows } = await query(
    `select last.content_hash from (
       select distinct on (change_id, artifact_id) content_hash, direction from change_mgmt_ledger.applied order by change_id, artifact_id, id desc
     ) last where last.direction = 'deploy'`,
  );
  const there = new Set(rows.map((row) => String(row.content_hash)));
  if (there.size === 0) return null;
  const applied = texts.filter(({ hash, text }) => there.has(hash) || there.has(sha256(text)));
  return { ledgers: ["change-mgmt"], applied: new Set(applied.map(({ entry }) => entry.path)), notes: [] };
}

async function readTool(
  query: QueryFunction,
  { history }: LocatedHistory,
  texts: readonly HistoryText[],
): Promise<Outcome<AppliedThere | null>> {
  if (!isKept(history.tool)) return accept(null);
  const opened = await openLedger(session(query), history.tool);
  if (!opened.ok) return opened;
  const ledger = opened.value;
  if (!ledger.there) return accept(null);
  const { rows, unfinished } = await ledger.read(texts.map(({ entry }) => entry));
  const applied = texts.filter(({ entry, text, repeatable }) => {
    const key = ledger.keyOf(entry);
    if (!rows.has(key)) return false;
    // What is run again whenever it changes is there only as it is.
    return !repeatable || (ledger.checksumsOf(text)?.includes(rows.get(key) ?? "") ?? true);
  });
  const begun = unfinished.map((name) => `${ledger.title} has begun ${name} there and not ended it well.`);
  const paths = new Set(applied.map(({ entry }) => entry.path));
  return accept({ ledgers: [ledger.title], applied: paths, notes: begun });
}

function session(query: QueryFunction) {
  return {
    query: async (text: string, values: readonly unknown[] = []) => {
      const { rows } = await query(text, [...values]);
      return { rows, rowCount: rows.length };
    },
  };
}
