import type { RehearsalReport } from "./rehearsal-report.ts";

type SchemaChange = NonNullable<RehearsalReport["schemaChange"]>[number];

/** A table, or whatever else stands by itself, with what changes in it. */
export interface SchemaCard {
  /** Qualified name. */
  readonly name: string;
  /** What it is, such as `table` or `enum`. */
  readonly kind: string;
  /** What becomes of it as a whole. */
  readonly change: "added" | "removed" | "altered";
  readonly breaking: boolean;
  readonly rows: readonly SchemaRow[];
}

export interface SchemaRow {
  readonly change: "added" | "removed" | "altered";
  readonly kind: string;
  /** Within its table. */
  readonly name: string;
  /** What differs: `type integer → bigint`; of what comes or goes only its type. */
  readonly detail: string;
  readonly breaking: boolean;
}

/** Kinds whose names begin with that of their table. */
const ON_TABLES: ReadonlySet<string> = new Set(["column", "constraint", "trigger", "policy", "rule"]);

/** What a migration changes, by tables; each table once, in order of appearance. */
export function cardsOf(changes: readonly SchemaChange[]): SchemaCard[] {
  const cards = new Map<string, SchemaCard>();
  for (const one of changes) {
    const kind = one.kind ?? "object";
    const row: SchemaRow = {
      change: one.change,
      kind: kind.replaceAll("_", " "),
      name: one.object,
      detail: one.detail === undefined ? "" : detailOf(one.detail, kind, one.change),
      breaking: one.breaking,
    };
    const [table, name] = ON_TABLES.has(kind) ? parted(one.object) : [one.object, ""];
    const known = cards.get(table);
    if (name === "") {
      const rows = row.change === "altered" && row.detail !== "" ? [{ ...row, name: "" }] : [];
      cards.set(table, {
        name: table,
        kind: row.kind,
        change: one.change,
        breaking: one.breaking || known?.breaking === true,
        rows: [...rows, ...(known?.rows ?? [])],
      });
    } else {
      const card: SchemaCard = known ?? { name: table, kind: "table", change: "altered", breaking: false, rows: [] };
      cards.set(table, {
        ...card,
        breaking: card.breaking || one.breaking,
        rows: [...card.rows, { ...row, name }],
      });
    }
  }
  return [...cards.values()];
}

/** A name and what it is in: `public.users.nickname` is `nickname` in `public.users`; quoted parts may have dots. */
function parted(qualified: string): [within: string, name: string] {
  const last = /^(.+)\.("(?:[^"]|"")*"|[^."]+)$/.exec(qualified);
  return last ? [last[1]!, last[2]!] : [qualified, ""];
}

/** Without what the row says anyway: of `column added (text)` the type. */
function detailOf(detail: string, kind: string, change: string): string {
  const said = `${kind.replaceAll("_", " ")} ${change}`;
  if (!detail.startsWith(said)) return detail;
  return detail
    .slice(said.length)
    .trim()
    .replace(/^\((.*)\)$/, "$1");
}
