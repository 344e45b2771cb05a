import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "./alteration.ts";
import { ColumnDrafts } from "./column-drafts.ts";
import { type Fate, type Fates, isGone, isMade } from "./fates.ts";
import { isIndexLike } from "./index-like.ts";
import { ObjectDrafts } from "./object-drafts.ts";
import { hasIdentity } from "./owned-sequences.ts";
import * as rank from "./ranks.ts";
import type { Sides } from "./sides.ts";
import * as statements from "./statements/columns.ts";
import { defaultsTaken, pastDefaults } from "./statements/default-grants.ts";
import { linkIndex } from "./statements/indexes.ts";
import * as programs from "./statements/programs.ts";
import * as tables from "./statements/tables.ts";
import * as types from "./statements/types.ts";
import { type PlannedTask, TaskList } from "./task-list.ts";
import { connect } from "./waits.ts";

/** Everything to be done between two schemas, each with what it has to wait for. */
export function makeTasks(sides: Sides, fates: Fates): PlannedTask[] {
  const { from, to, detached, attached } = sides;
  const list = new TaskList(sides, fates);
  const { inheritance } = list;
  const columns = new ColumnDrafts(list);
  const objects = new ObjectDrafts(sides, columns);
  for (const [key, fate] of fates.changed) {
    if (isMade(fate) && key.startsWith("table:")) makeTable(key);
  }
  for (const [key, fate] of fates.changed) {
    if (key.startsWith("default:")) planDefault(key, fate);
    else plan(key, fate);
  }
  for (const key of detached) {
    const table = from.objects.get(key)!;
    list.add(`detach ${key}`, rank.DETACH_RANK, table, tables.detach(table));
  }
  for (const key of attached) {
    const table = to.objects.get(key)!;
    list.add(`attach ${key}`, rank.ATTACH_RANK, table, tables.attach(table));
  }
  planRetypedAlone();
  planLinks();
  connect(list);
  return list.all();

  function makeTable(key: string): void {
    const table = to.objects.get(key)!;
    const own = to
      .childrenOf(key)
      .map((child) => to.objects.get(child)!)
      .filter(({ kind }) => kind === "column")
      .sort((a, b) => Number(a.fields.position) - Number(b.fields.position));
    const makes = [key];
    const parts = own.map((column) => {
      const withDefault = column.fields.inherited === true || !columns.needsTable(`default:${column.name}`, key);
      makes.push(`column:${column.name}`);
      if (withDefault) makes.push(`default:${column.name}`);
      return columns.parts(column, withDefault, makes);
    });
    const inherited = own.flatMap((column) => columns.adjustments(column));
    const drafts = [...tables.makeTable(table, parts), ...inherited, ...defaultsTaken(table, sides)];
    list.add(`make ${key}`, rank.MAKE_RANK.table, table, drafts, makes);
  }

  function planDefault(key: string, fate: Fate): void {
    const name = key.slice("default:".length);
    const column = `column:${name}`;
    const [before, after] = [from.objects.get(column), to.objects.get(column)];
    const inherited = after !== undefined && inheritance.keptInherited(to, after);
    if (isGone(fate) && before && after && !isGone(fates.of(column))) {
      list.add(`drop ${key}`, rank.DEFAULT_DROP_RANK, before, statements.setDefault(before, undefined));
    }
    const withType = fate === "alter" && fates.retyped.has(column);
    if (fate === "drop" || after === undefined || list.coveredBy(key) !== undefined || withType) return;
    if (inherited && isMade(fates.of(column))) return;
    if (after.fields.default === undefined) return;
    const made = isMade(fates.of(column));
    if (made && !columns.needsTable(key, after.of!)) return;
    list.add(`make ${key}`, rank.DEFAULT_RANK, after, statements.setDefault(after, after.fields.default), [key]);
  }

  function plan(key: string, fate: Fate): void {
    const [before, after] = [from.objects.get(key), to.objects.get(key)];
    const object = (after ?? before)!;
    if (object.kind === "other" || object.fields.type === "trigger") return;
    if (isGone(fate) && before && list.dropId(key) === `drop ${key}`) {
      const at =
        fate === "remake" && object.kind !== "event_trigger" ? rank.REMAKE_DROP_RANK : rank.DROP_RANK[object.kind];
      list.add(`drop ${key}`, at, before, objects.drop(before));
    }
    if (fate === "drop" && object.kind === "sequence") return;
    if (isMade(fate) && list.coveredBy(key) === undefined) planMake(key, after!, fate);
    if ((fate === "alter" || fate === "retype") && before && after) {
      list.add(`alter ${key}`, alterRank(object), after, objects.alter(key, before, after, fate), [key]);
      const withDefault =
        object.kind === "column" &&
        fates.retyped.has(key) &&
        ["keep", "alter"].includes(fates.of(`default:${object.name}`));
      if (withDefault) list.cover(`default:${object.name}`, `alter ${key}`);
      if (withDefault) list.get(`alter ${key}`)!.makes.push(`default:${object.name}`);
      if (object.kind === "sequence") planOwner(key, before, after);
    }
    if (isMade(fate) && object.kind === "sequence" && after && !hasIdentity(after, to))
      planOwner(key, undefined, after);
  }

  function planMake(key: string, after: SchemaObject, fate: Fate): void {
    const { kind } = after;
    const foreign = after.fields.type === "foreign key";
    // Columns are added in the order in which they shall stand.
    const place = kind === "column" ? Number(after.fields.position) / 10_000 : 0;
    const at = foreign ? rank.FOREIGN_KEY_RANK : rank.MAKE_RANK[kind] + place;
    const makes = [key];
    let drafts: Draft[];
    if (inheritance.keptInherited(to, after)) {
      // Its parent's statement makes it; what differs follows.
      drafts =
        kind === "column" ? columns.adjustments(after) : kind === "trigger" ? programs.firesIfUnusual(after) : [];
      if (kind === "column") makes.push(`default:${after.name}`);
      const task = list.add(`make ${key}`, at, after, drafts, makes);
      task.after.add(list.doneBy(inheritance.keyOf(inheritance.counterpart(to, after)!)) ?? "");
      return;
    }
    if (kind === "sequence" && hasIdentity(after, to)) return;
    if (kind === "column") {
      const withDefault = !columns.needsTable(`default:${after.name}`, after.of!);
      if (withDefault) makes.push(`default:${after.name}`);
      drafts = statements.addColumn(columns.parts(after, withDefault, makes));
    } else if (kind === "extension") drafts = pastDefaults(after, objects.make(after, fate), sides);
    else drafts = [...objects.make(after, fate), ...defaultsTaken(after, sides)];
    list.add(`make ${key}`, at, after, drafts, makes);
  }

  function planOwner(key: string, before: SchemaObject | undefined, after: SchemaObject): void {
    const [was, is] = [before?.fields.ownedBy, after.fields.ownedBy];
    if (was === is || (before && hasIdentity(before, from)) || hasIdentity(after, to)) return;
    if (was !== undefined) list.add(`free ${key}`, rank.DETACH_RANK, after, types.ownSequence(after, null));
    if (typeof is !== "string") return;
    const own = list.add(`own ${key}`, rank.OWN_RANK, after, types.ownSequence(after, is));
    // A table that becomes logged or unlogged takes along what belongs to it by then.
    own.after.add(`alter ${to.objects.get(`column:${is}`)?.of}`);
  }

  /** A column that nothing happens to but that its type is made anew. */
  function planRetypedAlone(): void {
    for (const column of fates.retyped) {
      for (const needed of from.needs(column)) {
        if (fates.of(needed) === "retype" && list.coveredBy(column) === undefined)
          list.cover(column, `alter ${needed}`);
      }
    }
  }

  function planLinks(): void {
    for (const key of [...to.keysOf("constraint"), ...to.keysOf("index")]) {
      const object = to.objects.get(key)!;
      if (typeof object.fields.partitionOf !== "string" || !isIndexLike(object)) continue;
      const parent = inheritance.indexParentKey(object);
      const parentMade = isMade(fates.of(parent));
      if (!parentMade && (attached.has(object.of!) || !isMade(fates.of(key)))) continue;
      const task = list.add(`link ${key}`, rank.LINK_RANK, object, linkIndex(object));
      for (const id of [list.doneBy(key), list.doneBy(parent), `attach ${object.of}`]) if (id) task.after.add(id);
    }
  }
}

function alterRank({ kind }: SchemaObject): number {
  if (kind === "default_privileges" || kind === "grant") return rank.DROP_RANK[kind];
  return rank.MAKE_RANK[kind] + (kind === "column" ? 2 : 0);
}
