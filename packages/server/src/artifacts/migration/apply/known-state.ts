import type { MigrationHistory } from "@change-mgmt/analysis/sql/histories/history.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { decidePending, type OwnHistory } from "@change-mgmt/domain/lifecycle/deployment/pending.ts";
import type { TargetSession } from "../../../assets/databases/target.ts";
import { hasLedger } from "../ledger.ts";
import { isKept } from "../tool-ledgers/ledgers.ts";
import { type OpenLedger, openLedger } from "../tool-ledgers/open-ledger.ts";
import type { HistoryText } from "./history-files.ts";

/** What the ledgers of a database say of a history. */
export interface KnownState {
  readonly pending: readonly HistoryText[];
  /** The ledger of the history's own tool; null where it has none that is kept. */
  readonly tool: OpenLedger | null;
}

/** The id of the change that our ledger gives to what is applied without one. */
export function changeIdOf({ tool }: MigrationHistory): string {
  return `apply:${tool}`;
}

const AGAIN = /@[0-9a-f-]{36}$/;

/** The id under which our ledger has a migration; one that is repeatable has another each time. */
export function artifactIdOf({ entry, repeatable }: HistoryText, run: string): string {
  return repeatable ? `${entry.name}@${run}` : entry.name;
}

/**
 * Reads both ledgers, ours and the tool's, and decides what is pending. Refuses with TARGET_UNDER_CONTROL where deployments of changes
 * have worked, with TOOL_LEDGER_UNKNOWN, and with what `decidePending` refuses.
 */
export async function readState(
  session: TargetSession,
  history: MigrationHistory,
  texts: readonly HistoryText[],
  outOfOrder: boolean,
): Promise<Outcome<KnownState>> {
  const own = await readOwn(session, changeIdOf(history));
  if (!own.ok) return own;
  const opened = isKept(history.tool) ? await openLedger(session, history.tool) : accept(null);
  if (!opened.ok) return opened;
  const tool = opened.value;
  const files = texts.map((one) => ({
    name: one.entry.name,
    key: tool?.keyOf(one.entry) ?? null,
    hash: one.hash,
    checksums: tool?.checksumsOf(one.text) ?? null,
    repeatable: one.repeatable,
    text: one,
  }));
  const theirs = tool && { tool: tool.title, ...(await tool.read(texts.map(({ entry }) => entry))) };
  const pending = decidePending(files, own.value, theirs, outOfOrder);
  if (!pending.ok) return pending;
  return accept({ pending: pending.value.map(({ text }) => text), tool });
}

async function readOwn(session: TargetSession, changeId: string): Promise<Outcome<OwnHistory>> {
  if (!(await hasLedger(session))) return accept(new Map());
  const others = await session.query(
    "select change_number, environment from change_mgmt_ledger.applied where change_id not like 'apply:%' order by id desc limit 1",
  );
  const [controlled] = others.rows;
  if (controlled) {
    return refuse(
      "TARGET_UNDER_CONTROL",
      `This database is under change control: ${controlled.change_number} was deployed to it as environment "${controlled.environment}".`,
      "Let a change go through its process and be deployed; apply is for databases that no environment claims.",
    );
  }
  const { rows } = await session.query(
    "select artifact_id, content_hash from change_mgmt_ledger.applied where change_id = $1 order by id",
    [changeId],
  );
  return accept(new Map(rows.map((row) => [String(row.artifact_id).replace(AGAIN, ""), String(row.content_hash)])));
}
