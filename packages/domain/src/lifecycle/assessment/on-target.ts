import { conflict, type KeptOut, keptOutBy } from "./lock-conflicts.ts";
import { type OpenTransaction, type Rates, ratesOf, type TargetLook, type TargetRelation } from "./target-look.ts";
import { bytesText, countText, listText, rangeText, rateText, secondsText } from "./target-words.ts";
import { after, buildsIndex, type RehearsedStatement, SPEEDS, type TimeRange, timeOf, workOf } from "./work-time.ts";

/** What a lock of a statement means on a target. */
export interface LockOnTarget extends Rates {
  readonly relation: string;
  readonly mode: string;
  readonly keepsOut: KeptOut;
  /** How long it is held once it is given. */
  readonly held: TimeRange;
  /** Open transactions that have to end before it is given. */
  readonly heldUpBy: readonly Omit<OpenTransaction, "locks">[];
}

/** What a statement means on a target. */
export interface StatementOnTarget {
  readonly line: number;
  readonly kind: string;
  /** How long it takes once it has its locks. */
  readonly time: TimeRange;
  readonly rewrittenBytes: number;
  readonly scannedBytes: number;
  readonly locks: readonly LockOnTarget[];
  /** The same in sentences: how much, how long, whom it blocks, what holds it up. */
  readonly words: readonly string[];
}

/** What a migration means on a target. */
export interface MigrationOnTarget {
  readonly statements: readonly StatementOnTarget[];
  /** Null where a relation that is written anew is not known there. */
  readonly rewrittenBytes: number | null;
  /** The longest that writers or everybody may be kept out of a relation, in seconds; null where nothing says so. */
  readonly blockedSeconds: number | null;
}

/** On what the times rest. */
export const BASIS = `Times are sizes divided by ${speeds("rewrite")} where a table is written anew, ${speeds("index")} where an index is built and ${speeds("scan")} where rows are only read; waiting for locks comes on top.`;

/**
 * Holds what the rehearsal of a migration measured against a target: how long, on what, for whom. In a transaction a lock is held to the end of
 * the file; `earlier` is another look at the same target, for rates. What nobody knows is null and said, never taken for nothing.
 */
export function onTarget(
  statements: readonly RehearsedStatement[],
  transactional: boolean,
  look: TargetLook,
  earlier: TargetLook | null,
): MigrationOnTarget {
  const works = statements.map((statement) => workOf(statement, look.relations));
  const times = statements.map((statement, at) => timeOf(statement, works[at]!));
  const judged = statements.map((statement, at): StatementOnTarget => {
    const held = transactional ? times.slice(at).reduce(after) : times[at]!;
    const locks = statement.locks.map((lock) => lockOnTarget(statement, lock, held, look, earlier));
    const { rewritten, scanned, indexed, missing } = works[at]!;
    return {
      line: statement.line,
      kind: statement.kind,
      time: times[at]!,
      rewrittenBytes: rewritten,
      scannedBytes: scanned + indexed,
      locks,
      words: [
        ...sizeWords(statement, look.relations, missing),
        ...timeWords(times[at]!, rewritten + scanned + indexed),
        ...locks.flatMap((lock) => lockWords(lock, look)),
      ],
    };
  });
  const blocking = judged.flatMap(({ locks }) => locks).filter(({ keepsOut }) => keepsOut !== "nobody");
  const longest = blocking.map(({ held }) => held.most);
  const unknown = statements.some(({ rewrites }, at) => rewrites.some((name) => works[at]!.missing.includes(name)));
  return {
    statements: judged,
    rewrittenBytes: unknown ? null : judged.reduce((total, { rewrittenBytes }) => total + rewrittenBytes, 0),
    blockedSeconds: longest.includes(null) ? null : Math.max(0, ...(longest as number[])),
  };
}

function lockOnTarget(
  statement: RehearsedStatement,
  { relation, mode }: RehearsedStatement["locks"][number],
  held: TimeRange,
  look: TargetLook,
  earlier: TargetLook | null,
): LockOnTarget {
  const found = look.relations.find(({ name }) => name === relation);
  // An index that is built concurrently waits for whatever might still see rows of before.
  const waitsForAll = buildsIndex(statement) && mode === "ShareUpdateExclusiveLock";
  const inTheWay = look.transactions.filter(
    ({ locks }) => waitsForAll || locks.some((other) => other.relation === relation && conflict(mode, other.mode)),
  );
  return {
    relation,
    mode,
    keepsOut: keptOutBy(mode),
    held,
    ...(found === undefined ? { writes: null, reads: null } : ratesOf(found, look, earlier)),
    heldUpBy: inTheWay.map(({ locks, ...transaction }) => transaction),
  };
}

function sizeWords(
  { rewrites, scans }: RehearsedStatement,
  relations: readonly TargetRelation[],
  missing: readonly string[],
): string[] {
  const found = (names: readonly string[]) =>
    names.flatMap((name) => relations.filter((relation) => relation.name === name));
  const sized = (one: TargetRelation, bytes: number) =>
    `${one.name} (${bytesText(bytes)}, ${one.rows === null ? "rows never counted" : `about ${countText(one.rows)} rows`})`;
  const written = found(rewrites).map((one) => sized(one, one.tableBytes + one.indexBytes));
  const read = found(scans.filter((name) => !rewrites.includes(name))).map((one) => sized(one, one.tableBytes));
  return [
    ...(written.length > 0 ? [`Writes ${listText(written)} anew with its indexes.`] : []),
    ...(read.length > 0 ? [`Reads ${listText(read)}.`] : []),
    ...(missing.length > 0
      ? [`Not known: how large ${listText(missing)} is; there is none on this target, or none that this login may see.`]
      : []),
  ];
}

function timeWords(time: TimeRange, bytes: number): string[] {
  if (time.most !== null) return bytes === 0 ? ["Takes moments once it has its locks."] : [`Takes ${rangeText(time)}.`];
  const least = bytes === 0 ? "" : ` It takes at least ${secondsText(time.least)}.`;
  return [`Not known how long it takes: that depends on rows and code that a rehearsal cannot count.${least}`];
}

function lockWords({ relation, keepsOut, held, writes, reads, heldUpBy }: LockOnTarget, look: TargetLook): string[] {
  const who = keepsOut === "everybody" ? "everybody" : "whoever writes";
  const known = look.relations.some(({ name }) => name === relation);
  const rates =
    keepsOut === "everybody"
      ? `${rateText(reads)} reads and ${rateText(writes)} written rows a second`
      : `${rateText(writes)} written rows a second`;
  // What keeps nobody out keeps nobody waiting behind it either.
  const behind = keepsOut === "nobody" ? "" : `, and others who want ${relation} behind it`;
  const span = held.most === null ? "for a time that is not known" : `for ${rangeText(held)}`;
  return [
    ...(keepsOut === "nobody" ? [] : [`Keeps ${who} out of ${relation} ${span}${known ? `: ${rates}` : ""}.`]),
    ...(heldUpBy.length === 0 ? [] : [`Would wait now for ${listText(heldUpBy.map(transactionText))}${behind}.`]),
  ];
}

function transactionText({ pid, who, state, seconds }: Omit<OpenTransaction, "locks">): string {
  const since = seconds === null ? "open for a time that this login may not see" : `open for ${secondsText(seconds)}`;
  return `${pid === null ? "a prepared transaction" : `process ${pid}`} (${who}, ${state ?? "state not to be seen"}, ${since})`;
}

function speeds(of: keyof typeof SPEEDS): string {
  return `${SPEEDS[of].slow / 1_000_000} to ${SPEEDS[of].fast / 1_000_000} MB a second`;
}
