import { accept, type Outcome, type Problem, type Refused, refuse } from "../../change/refusal.ts";

/** One migration of a history on disk, as the ledgers know it. */
export interface HistoryFile {
  readonly name: string;
  /** What the tool's own ledger knows it by; null where no such ledger is kept. */
  readonly key: string | null;
  /** Hex SHA-256 of what it does. */
  readonly hash: string;
  /** The checksums that the tool may have given it; null where its ledger has none. */
  readonly checksums: readonly string[] | null;
  /** Run again whenever its content changes, rather than once. */
  readonly repeatable: boolean;
}

/** What the ledger of a migration tool says: its applied migrations by key, with their checksums where it keeps any. */
export interface ToolHistory {
  readonly tool: string;
  readonly rows: ReadonlyMap<string, string | null>;
  /** Keys of migrations that the tool has begun and not ended well. */
  readonly unfinished: readonly string[];
}

/** Names that our own ledger has, each with the hash it was applied with. */
export type OwnHistory = ReadonlyMap<string, string>;

/**
 * The files that are still to be applied, in order, from what both ledgers say. What either of them has counts as applied. Refuses with
 * HISTORY_UNFINISHED, HISTORY_FILE_MISSING, HISTORY_CHANGED, LEDGERS_DISAGREE and, unless `outOfOrder` allows it, HISTORY_OUT_OF_ORDER;
 * `problems` names each migration.
 */
export function decidePending<File extends HistoryFile>(
  files: readonly File[],
  own: OwnHistory,
  tool: ToolHistory | null,
  outOfOrder: boolean,
): Outcome<readonly File[]> {
  return (
    findUnfinished(tool) ??
    findMissing(files, own, tool) ??
    findChanged(files, own, tool) ??
    findDisagreement(files, own, tool) ??
    inOrder(files, own, tool, outOfOrder)
  );
}

function findUnfinished(tool: ToolHistory | null): Refused | null {
  return named(tool?.unfinished ?? [], (names) => ({
    code: "HISTORY_UNFINISHED",
    message: `The ledger of ${tool!.tool} says that ${names} began and did not end well.`,
    hint: `See what of it is on the database, put that right, and let ${tool!.tool} mark it as settled.`,
  }));
}

function findMissing(files: readonly HistoryFile[], own: OwnHistory, tool: ToolHistory | null): Refused | null {
  const names = new Set(files.map(({ name }) => name));
  const keys = new Set(files.map(({ key }) => key));
  const missing = [
    ...[...own.keys()].filter((name) => !names.has(name)),
    ...[...(tool?.rows.keys() ?? [])].filter((key) => !keys.has(key)),
  ];
  return named(missing, (which) => ({
    code: "HISTORY_FILE_MISSING",
    message: `The database has ${which}, and there is no such file here.`,
    hint: "See whether this is the right folder and the newest state of the repository; bring the file back if it was removed.",
  }));
}

function findChanged(files: readonly HistoryFile[], own: OwnHistory, tool: ToolHistory | null): Refused | null {
  const changed = files.filter((file) => {
    const hash = own.get(file.name);
    return !file.repeatable && ((hash !== undefined && hash !== file.hash) || !hasChecksum(file, tool));
  });
  return named(
    changed.map(({ name }) => name),
    (names) => ({
      code: "HISTORY_CHANGED",
      message: `What was applied as ${names} is not what the file says now.`,
      hint: "Give the file its old content back, and put what is new into a migration of its own.",
    }),
  );
}

function hasChecksum(file: HistoryFile, tool: ToolHistory | null): boolean {
  const kept = tool?.rows.get(file.key!) ?? null;
  return kept === null || file.checksums === null || file.checksums.includes(kept);
}

function findDisagreement(files: readonly HistoryFile[], own: OwnHistory, tool: ToolHistory | null): Refused | null {
  if (tool === null) return null;
  const ours = files.filter(({ name, key }) => own.has(name) && !tool.rows.has(key!));
  return named(
    ours.map(({ name }) => name),
    (names) => ({
      code: "LEDGERS_DISAGREE",
      message: `change_mgmt_ledger says that ${names} is applied, the ledger of ${tool.tool} says it is not.`,
      hint: `If ${tool.tool} has taken it back, delete its row from change_mgmt_ledger.applied; if not, see who changed that ledger.`,
    }),
  );
}

function inOrder<File extends HistoryFile>(
  files: readonly File[],
  own: OwnHistory,
  tool: ToolHistory | null,
  outOfOrder: boolean,
): Outcome<readonly File[]> {
  const open = (file: HistoryFile) => {
    if (!file.repeatable) return !own.has(file.name) && !tool?.rows.has(file.key!);
    if (own.has(file.name)) return own.get(file.name) !== file.hash;
    return !tool?.rows.has(file.key!) || !hasChecksum(file, tool);
  };
  const pending = files.filter(open);
  const newest = files.findLast((file) => !file.repeatable && !open(file));
  const late = pending.filter((file) => newest && !file.repeatable && files.indexOf(file) < files.indexOf(newest));
  if (outOfOrder) return accept(pending);
  return (
    named(
      late.map(({ name }) => name),
      (names) => ({
        code: "HISTORY_OUT_OF_ORDER",
        message: `${names} comes before ${newest!.name}, which is applied already.`,
        hint: "Give it a number or time after the newest; or allow it with --out-of-order, where the order makes no difference.",
      }),
    ) ?? accept(pending)
  );
}

const NAMED = 3;

function named(
  names: readonly string[],
  say: (names: string) => { readonly code: string; readonly message: string; readonly hint: string },
): Refused | null {
  if (names.length === 0) return null;
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  const { code, message, hint } = say(`${names.slice(0, NAMED).join(", ")}${rest}`);
  const problems = names.length > 1 ? names.map((name) => ({ code, message: name }) satisfies Problem) : undefined;
  return refuse(code, message, hint, problems ? { problems } : {});
}
