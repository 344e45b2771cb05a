import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import {
  type FieldValue,
  qualifiedName,
  type SchemaModel,
  type SchemaObject,
  schemaModel,
} from "@change-mgmt/domain/schema/model.ts";
import type { AlterationStep, RenameProposal } from "./alteration.ts";
import { lastName, nameParts, sqlName } from "./identifiers.ts";
import { exclusive } from "./statements/locks.ts";

/** A schema after objects of it were renamed, and the statements that rename them. */
export interface Renamed {
  readonly model: SchemaModel;
  readonly steps: readonly AlterationStep[];
}

/** Reads `public.users.name=public.users.full_name` or `public.users=public.people`; refuses with RENAME_UNKNOWN what is in neither schema or in both. */
export function readRename(text: string, from: SchemaModel, to: SchemaModel): Outcome<RenameProposal> {
  const at = text.indexOf("=");
  const [old, new_] = [text.slice(0, at), text.slice(at + 1)].map((name) => qualifiedName(...nameParts(name)));
  for (const kind of ["table", "column"] as const) {
    const [before, after] = [`${kind}:${old}`, `${kind}:${new_}`];
    if (from.objects[before] && to.objects[after] && !to.objects[before] && !from.objects[after]) {
      return accept({ kind, from: old!, to: new_! });
    }
  }
  return refuse(
    "RENAME_UNKNOWN",
    `--rename=${text} names no table or column that is only in the first schema under the old name and only in the second under the new one.`,
    "Write qualified names, such as public.users.name=public.users.full_name; for a table and its columns name the table first, the columns by its new name.",
  );
}

/** Renames one table or column in a model as Postgres would; what only speaks of it in words follows where the words can be told. */
export function applyRename({ model, steps }: Renamed, rename: RenameProposal, to: SchemaModel): Renamed {
  const renamed = rename.kind === "table" ? renameTable(model, rename) : renameColumn(model, rename);
  const step = statement(
    rename.kind === "table"
      ? `ALTER TABLE ${sqlName(rename.from)} RENAME TO ${lastName(rename.to)};`
      : `ALTER TABLE ${sqlName(tableOf(rename.from))} RENAME COLUMN ${lastName(rename.from)} TO ${lastName(rename.to)};`,
    rename,
  );
  const moved = rename.kind === "table" && nameParts(rename.from)[0] !== nameParts(rename.to)[0];
  const into = moved
    ? [
        statement(
          `ALTER TABLE ${sqlName(qualifiedName(nameParts(rename.from)[0]!, nameParts(rename.to).at(-1)!))} SET SCHEMA ${sqlName(qualifiedName(nameParts(rename.to)[0]!))};`,
          rename,
        ),
      ]
    : [];
  return renameParts({ model: renamed, steps: [...steps, step, ...into] }, to);
}

function statement(
  sql: string,
  { kind, from, to }: { kind: SchemaObject["kind"]; from: string; to: string },
): AlterationStep {
  return {
    sql,
    kind,
    object: to,
    does: `renames ${from}`,
    lossy: null,
    needs: null,
    transactional: true,
    lock: kind === "table" || kind === "column" ? exclusive(kind === "table" ? from : tableOf(from)) : null,
    rewrites: false,
    scans: false,
    phase: 1,
  };
}

function tableOf(column: string): string {
  return qualifiedName(...nameParts(column).slice(0, -1));
}

function renameTable(model: SchemaModel, { from, to }: RenameProposal): SchemaModel {
  const said = new RegExp(`(^|[^\\w.$"])${escaped(from)}(?![\\w$"])`, "g");
  return rewritten(model, (text) => text.replace(said, (_, before: string) => `${before}${to}`));
}

function renameColumn(model: SchemaModel, { from, to }: RenameProposal): SchemaModel {
  const table = tableOf(from);
  const [old, new_] = [lastName(from), lastName(to)];
  const whole = new RegExp(`(^|[^\\w.$"])${escaped(from)}(?![\\w$"])`, "g");
  const bare = new RegExp(`(^|[^\\w.$":'])${escaped(old)}(?![\\w$"(])`, "g");
  const named = rewritten(model, (text) => text.replace(whole, (_, before: string) => `${before}${to}`));
  const objects = Object.values(named.objects).map((object) => {
    if (
      !["constraint", "index", "policy", "trigger", "statistics", "column"].includes(object.kind) ||
      object.of !== `table:${table}`
    )
      return object;
    const speak = (value: FieldValue): FieldValue =>
      typeof value === "string"
        ? value.replace(bare, (_, before: string) => `${before}${new_}`)
        : Array.isArray(value)
          ? value.map((one) => (one === old ? new_ : one))
          : value;
    const words = ["definition", "columns", "using", "check", "generated"];
    const fields = Object.entries(object.fields).map(([name, value]) => [
      name,
      words.includes(name) ? speak(value) : value,
    ]);
    return { ...object, fields: Object.fromEntries(fields) as SchemaObject["fields"] };
  });
  return schemaModel(named.serverVersion, objects, named.dependencies);
}

/** Rewrites names, keys and fields, but no comment. */
function rewritten(model: SchemaModel, change: (text: string) => string): SchemaModel {
  const value = (one: FieldValue): FieldValue =>
    typeof one === "string" ? change(one) : Array.isArray(one) ? one.map(change) : one;
  const key = (one: string) =>
    one.replace(/^([a-z_]+:(?:[a-z_]+ )?)(.*)$/s, (_, kind: string, name: string) => `${kind}${change(name)}`);
  const objects = Object.values(model.objects).map((object): SchemaObject => {
    const fields = Object.entries(object.fields).map(([name, one]) => [name, name === "comment" ? one : value(one)]);
    const name = object.kind === "grant" ? key(`grant:${object.name}`).slice("grant:".length) : change(object.name);
    return {
      ...object,
      name,
      ...(object.of === undefined ? {} : { of: key(object.of) }),
      fields: Object.fromEntries(fields),
    };
  });
  const needs = Object.entries(model.dependencies ?? {}).map(([one, all]) => [key(one), all.map(key)] as const);
  return schemaModel(model.serverVersion, objects, model.dependencies && Object.fromEntries(needs));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Constraints, indexes and sequences that only bear another name are renamed with their table, so that nothing is built again and no sequence starts over. */
function renameParts({ model, steps }: Renamed, to: SchemaModel): Renamed {
  let current = model;
  const added: AlterationStep[] = [];
  for (const kind of ["constraint", "index", "sequence"] as const) {
    const only = (one: SchemaModel, other: SchemaModel) =>
      Object.values(one.objects).filter(
        (object) => object.kind === kind && other.objects[`${kind}:${object.name}`] === undefined,
      );
    const come = only(to, current);
    for (const object of only(current, to)) {
      const same = come.filter((other) => other.of === object.of && sameBeside(object, other));
      if (same.length !== 1 || object.of === undefined || object.of.startsWith("schema:")) continue;
      const [other] = same as [SchemaObject];
      const sql =
        kind === "constraint"
          ? `ALTER TABLE ${sqlName(tableOf(object.name))} RENAME CONSTRAINT ${lastName(object.name)} TO ${lastName(other.name)};`
          : `ALTER ${kind.toUpperCase()} ${sqlName(object.name)} RENAME TO ${lastName(other.name)};`;
      added.push(statement(sql, { kind, from: object.name, to: other.name }));
      const [old, new_] = [`${kind}:${object.name}`, `${kind}:${other.name}`];
      const objects = Object.values(current.objects).map((one) =>
        one === object
          ? { ...object, name: other.name, fields: { ...object.fields, definition: other.fields.definition ?? null } }
          : one,
      );
      const speak = (one: SchemaObject): SchemaObject => {
        const value = one.fields.default;
        if (kind !== "sequence" || typeof value !== "string") return one;
        return { ...one, fields: { ...one.fields, default: value.replace(`'${object.name}'`, `'${other.name}'`) } };
      };
      const needs = Object.entries(current.dependencies ?? {}).map(
        ([key, all]) => [key === old ? new_ : key, all.map((one) => (one === old ? new_ : one))] as const,
      );
      current = schemaModel(
        current.serverVersion,
        objects.map(speak).map(withoutEmpty),
        current.dependencies && Object.fromEntries(needs),
      );
    }
  }
  return { model: current, steps: [...steps, ...added] };
}

function withoutEmpty(object: SchemaObject): SchemaObject {
  if (object.fields.definition !== null) return object;
  const { definition, ...fields } = object.fields;
  return { ...object, fields };
}

function sameBeside(a: SchemaObject, b: SchemaObject): boolean {
  const shape = ({ name, fields }: SchemaObject) =>
    JSON.stringify(Object.entries(fields).sort()).replaceAll(JSON.stringify(lastName(name)).slice(1, -1), "·");
  return shape(a) === shape(b);
}
