import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { list } from "../alteration/field-list.ts";
import { nameParts, quoted, sqlName } from "../alteration/identifiers.ts";
import { inBatches } from "./batches.ts";
import type { RowMove } from "./evidence.ts";
import { batchKey, beyondTriggers, columnOf, type Ground, InTheWay } from "./ground.ts";
import { distinctFrom, dollarQuoted } from "./in-step.ts";
import type { Transition } from "./transition.ts";

/**
 * Columns that move into another table: filled there in batches, and kept in step by a trigger of each table, as long as each row of the one
 * has at most one row in the other, by a key of both.
 */
export function moveRows(ground: Ground, move: RowMove): Transition | InTheWay {
  const { from, to, alias, values } = move;
  const key = batchKey(ground, from);
  if (key instanceof InTheWay) return key;
  const blind = beyondTriggers(ground, from) ?? beyondTriggers(ground, to);
  if (blind) return blind;
  const plain = (column: string) => values.find((value) => value.column === column)?.plain ?? null;
  const link = linkOf(ground.middle.objects, to).find((columns) => {
    const sources = columns.map(plain);
    return sources.length === key.length && sources.every((source) => source !== null && key.includes(source));
  });
  if (link === undefined)
    return new InTheWay(
      "table",
      to,
      `no unique key of it is the key of ${from}, so that its rows cannot be told by those they come from`,
    );
  const [source, target] = [sqlName(from), sqlName(to)];
  const columns = values.map(({ column }) => quoted(column)).join(", ");
  const made = values.map(({ expression }) => expression).join(", ");
  const moved = values.filter(({ column }) => !link.includes(column));
  const conflict = `ON CONFLICT (${link.map(quoted).join(", ")})`;
  const typeIn = (table: string, column: string) => String(columnOf(ground.middle, table, column)?.fields.type);
  const differs = moved.map(({ column }) =>
    distinctFrom(`kept.${quoted(column)}`, `EXCLUDED.${quoted(column)}`, typeIn(to, column)),
  );
  const keep =
    moved.length === 0
      ? `${conflict} DO NOTHING`
      : `${conflict} DO UPDATE SET ${moved.map(({ column }) => `${quoted(column)} = EXCLUDED.${quoted(column)}`).join(", ")} WHERE ${differs.join(" OR ")}`;
  const back = moved.filter((value) => value.plain !== null && !key.includes(value.plain));
  const matches = link.map((column) => `${quoted(plain(column)!)} = NEW.${quoted(column)}`).join(" AND ");
  const goes = link.map((column) => `${quoted(column)} = OLD.${quoted(plain(column)!)}`).join(" AND ");
  const reads = [...new Set(values.flatMap((value) => value.reads))].map(quoted).join(", ");
  const forth = functionName(from, "moves");
  const returns = functionName(to, "moves_back");
  const lines = (...text: string[]) => dollarQuoted(["BEGIN", ...text.map((line) => `  ${line}`), "END"].join("\n"));
  const make = [
    `CREATE FUNCTION ${forth}() RETURNS trigger LANGUAGE plpgsql AS ${lines(
      "IF TG_OP = 'DELETE' THEN",
      `  DELETE FROM ${target} WHERE ${goes};`,
      "  RETURN OLD;",
      "END IF;",
      `INSERT INTO ${target} AS kept (${columns}) SELECT ${made} FROM (SELECT NEW.*) AS ${quoted(alias)} ${keep};`,
      "RETURN NEW;",
    )}`,
    `CREATE TRIGGER zz_moves AFTER INSERT OR UPDATE OF ${reads} ON ${source} FOR EACH ROW EXECUTE FUNCTION ${forth}()`,
    `CREATE TRIGGER zz_moves_away BEFORE DELETE ON ${source} FOR EACH ROW EXECUTE FUNCTION ${forth}()`,
  ];
  const clear = [
    `DROP TRIGGER zz_moves ON ${source}`,
    `DROP TRIGGER zz_moves_away ON ${source}`,
    `DROP FUNCTION ${forth}()`,
  ];
  if (back.length > 0) {
    const sets = back.map(({ column, plain: own }) => `${quoted(own!)} = NEW.${quoted(column)}`).join(", ");
    const open = back
      .map(({ column, plain: own }) => distinctFrom(quoted(own!), `NEW.${quoted(column)}`, typeIn(to, column)))
      .join(" OR ");
    make.push(
      `CREATE FUNCTION ${returns}() RETURNS trigger LANGUAGE plpgsql AS ${lines(`UPDATE ${source} SET ${sets} WHERE ${matches} AND (${open});`, "RETURN NEW;")}`,
      `CREATE TRIGGER zz_moves_back AFTER INSERT OR UPDATE ON ${target} FOR EACH ROW EXECUTE FUNCTION ${returns}()`,
    );
    clear.push(`DROP TRIGGER zz_moves_back ON ${target}`, `DROP FUNCTION ${returns}()`);
  }
  const refill = back.map(({ column, plain: own }) => {
    const joined = link.map((each) => `theirs.${quoted(each)} = ours.${quoted(plain(each)!)}`).join(" AND ");
    return `UPDATE ${source} AS ours SET ${quoted(own!)} = theirs.${quoted(column)} FROM ${target} AS theirs WHERE ${joined}`;
  });
  const away = back.filter(({ plain: own }) => columnOf(ground.target, from, own!) === undefined);
  return {
    breaks: `${values.map(({ plain: own, column }) => own ?? column).join(", ")} of ${from} move to ${to}`,
    expand: make,
    backfill: [
      inBatches({
        table: from,
        key,
        statement: (range) =>
          `INSERT INTO ${target} AS kept (${columns}) SELECT ${made} FROM ${source} AS ${quoted(alias)} WHERE ${range} ${keep}`,
      }),
    ],
    code: [`Deploy code that reads and writes ${to} in place of what moves there from ${from}.`],
    clear,
    again: away.map(
      ({ plain: own }) =>
        `ALTER TABLE ${source} ADD COLUMN ${quoted(own!)} ${columnOf(ground.before, from, own!)!.fields.type}`,
    ),
    refill,
    beside: [
      `Code that uses ${from} alone and code that uses ${to} may run beside each other for as long as you like; each write costs a trigger and a write of the other table.`,
    ],
  };
}

/** Unique keys of a table, by bare names. */
function linkOf(objects: Readonly<Record<string, SchemaObject>>, table: string): string[][] {
  return Object.values(objects)
    .filter(
      ({ kind, of, fields }) =>
        kind === "constraint" && of === `table:${table}` && ["primary key", "unique"].includes(String(fields.type)),
    )
    .map(({ fields }) => list(fields.columns).flatMap((name) => nameParts(name)));
}

function functionName(table: string, word: string): string {
  const [schema, name] = nameParts(table) as [string, string];
  const short = Buffer.from(name)
    .subarray(0, 40)
    .toString()
    .replace(/\uFFFD$/, "");
  return `${quoted(schema)}.${quoted(`${short}_${word}`)}`;
}
