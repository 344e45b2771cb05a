import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import type { HistoryEntry, MigrationHistory } from "../../sql/histories/history.ts";
import type { LocatedHistory } from "../locate.ts";
import { type LiveBase, liveBase } from "./live-base.ts";
import { type AppliedThere, type LiveAddress, type LiveDatabase, readLiveDatabase } from "./live-database.ts";

/** A live database that histories are checked against. */
export interface Against {
  readonly live: LiveDatabase;
  readonly base: LiveBase;
}

/** What of a history is still to come to a live database. */
export interface ComingThere {
  /** In the order of their tool, whether or not they were asked for. */
  readonly pending: ReadonlySet<HistoryEntry>;
  /** Why none of it can be rehearsed; null where it can. */
  readonly notRehearsable: string | null;
  readonly notes: readonly string[];
}

/** Reads a live database and writes its schema as a base. Refuses what readLiveDatabase refuses. */
export async function readAgainst(
  address: LiveAddress,
  located: readonly LocatedHistory[],
  cacheFolder: string,
): Promise<Outcome<Against>> {
  const live = await readLiveDatabase(address, located);
  if (!live.ok) return live;
  return accept({ live: live.value, base: await liveBase(live.value, cacheFolder) });
}

/** Tells what of a history a live database has not, by its ledgers; without any, by what was asked for. */
export function comingThere(
  { live, base }: Against,
  history: MigrationHistory,
  asked: ReadonlySet<HistoryEntry>,
  { ledgers, applied, notes }: AppliedThere,
): ComingThere {
  const { shown } = live;
  if (ledgers.length > 0) {
    const pending = new Set(history.entries.filter(({ path }) => !applied.has(path)));
    const left = [...asked].filter((entry) => !pending.has(entry)).length;
    const said = left === 0 ? [] : [`${left} of them ${left === 1 ? "is" : "are"} applied there and left out.`];
    return { pending, notRehearsable: base.notRehearsable, notes: [...notes, ...said] };
  }
  const bare = !Object.values(live.model.objects).some(({ kind }) => kind === "table" || kind === "view");
  if (bare) {
    return { pending: new Set(history.entries), notRehearsable: base.notRehearsable, notes };
  }
  if (asked.size < history.entries.length) {
    const guessed = `Nothing in ${shown} tells which migrations are applied: those that were asked for are taken for not applied, all others for applied.`;
    return { pending: asked, notRehearsable: base.notRehearsable, notes: [...notes, guessed] };
  }
  const unknown = `nothing in ${shown} tells which migrations are applied there; name those that are not, or use --base`;
  return { pending: new Set(history.entries), notRehearsable: base.notRehearsable ?? unknown, notes };
}
