import { changedFields } from "@change-mgmt/domain/schema/fields.ts";
import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import type { Draft } from "./alteration.ts";
import { type Fate, type Fates, hasIdentity, isIndexLike, ownedSequence } from "./fates.ts";
import { keyName, nameParts } from "./identifiers.ts";
import { Inheritance } from "./inheritance.ts";
import type { Task } from "./order.ts";
import * as rank from "./ranks.ts";
import { parentsOf, type Sides } from "./sides.ts";
import { commentOn } from "./statements/comments.ts";
import { defaultsTaken, pastDefaults } from "./statements/default-grants.ts";
import * as permissions from "./statements/permissions.ts";
import * as programs from "./statements/programs.ts";
import * as tables from "./statements/tables.ts";
import * as types from "./statements/types.ts";

/** A task with the statements that carry it out; one without statements only stands for its place in the order. */
export interface PlannedTask extends Task {
  readonly object: SchemaObject;
  readonly drafts: readonly Draft[];
}

interface OpenTask extends PlannedTask {
  readonly after: Set<string>;
  /** Keys of what it makes, whose needs are its own. */
  readonly makes: string[];
}

/** Everything to be done between two schemas, each with what it has to wait for. */
export function makeTasks(sides: Sides, fates: Fates): PlannedTask[] {
  const { from, to, detached, attached } = sides;
  const inheritance = new Inheritance(sides);
  const tasks = new Map<string, OpenTask>();
  const coveredBy = new Map<string, string>();
  const add = (id: string, at: number, object: SchemaObject, drafts: readonly Draft[], makes: string[] = []) => {
    const task: OpenTask = { id, rank: at, object, drafts, after: new Set(), makes };
    tasks.set(id, task);
    for (const key of makes) coveredBy.set(key, id);
    return task;
  };
  const isGone = (fate: Fate) => fate === "drop" || fate === "remake";
  const isMade = (fate: Fate) => fate === "make" || fate === "remake";

  for (const [key, fate] of fates.changed) {
    if (isMade(fate) && key.startsWith("table:")) makeTable(key);
  }
  for (const [key, fate] of fates.changed) {
    if (key.startsWith("default:")) planDefault(key, fate);
    else plan(key, fate);
  }
  for (const key of detached) {
    const table = from.objects.get(key)!;
    add(`detach ${key}`, rank.DETACH_RANK, table, tables.detach(table));
  }
  for (const key of attached) {
    const table = to.objects.get(key)!;
    add(`attach ${key}`, rank.ATTACH_RANK, table, tables.attach(table));
  }
  planRetypedAlone();
  planLinks();
  connect();
  return [...tasks.values()];

  function makeTable(key: string): void {
    const table = to.objects.get(key)!;
    const columns = to
      .childrenOf(key)
      .map((child) => to.objects.get(child)!)
      .filter(({ kind }) => kind === "column")
      .sort((a, b) => Number(a.fields.position) - Number(b.fields.position));
    const makes = [key];
    const parts = columns.map((column) => {
      const withDefault = column.fields.inherited === true || !needsTable(`default:${column.name}`, key);
      makes.push(`column:${column.name}`);
      if (withDefault) makes.push(`default:${column.name}`);
      return columnParts(column, withDefault, makes);
    });
    const inherited = columns.flatMap((column) => adjustments(column));
    const drafts = [...tables.makeTable(table, parts), ...inherited, ...defaultsTaken(table, sides)];
    add(`make ${key}`, rank.MAKE_RANK.table, table, drafts, makes);
  }

  /** A column's definition parts; the sequence of its identity is made with it. */
  function columnParts(column: SchemaObject, withDefault: boolean, makes: string[]): tables.ColumnParts {
    const sequence = column.fields.identity === undefined ? undefined : ownedSequence(to, column);
    if (sequence) makes.push(`sequence:${sequence.name}`);
    return { column, sequence, withDefault };
  }

  /** What tells an inherited column from the one it is inherited from, default included. */
  function adjustments(column: SchemaObject): Draft[] {
    const parent = inheritance.counterpart(to, column);
    if (parent === undefined || column.fields.inherited !== true) return [];
    const { comment, statistics, options, ...fields } = parent.fields;
    const own = { table: column.fields.table!, position: column.fields.position!, inherited: true };
    const before: SchemaObject = { ...column, fields: { ...fields, ...own } };
    const changes = {
      before,
      after: column,
      sequenceBefore: undefined,
      sequenceAfter: undefined,
      hasChildren: false,
      byParent: true,
      retyped: true,
    };
    const value = column.fields.default;
    return [
      ...tables.alterColumn(changes),
      ...(before.fields.default === value ? [] : tables.setDefault(column, value)),
    ];
  }

  /** True when a default cannot stand in CREATE TABLE because what it calls needs the table. */
  function needsTable(key: string, table: string): boolean {
    const seen = new Set<string>();
    const visit = (one: string): boolean => {
      for (const needed of to.needs(one)) {
        if (!/^(?:function|view|composite_type|domain):/.test(needed) || seen.has(needed) || !isMade(fates.of(needed)))
          continue;
        seen.add(needed);
        const reaches = [...to.needs(needed)].some((other) => other === table || to.objects.get(other)?.of === table);
        if (reaches || visit(needed)) return true;
      }
      return false;
    };
    return visit(key);
  }

  function planDefault(key: string, fate: Fate): void {
    const name = key.slice("default:".length);
    const column = `column:${name}`;
    const [before, after] = [from.objects.get(column), to.objects.get(column)];
    const inherited = after !== undefined && inheritance.keptInherited(to, after);
    if (isGone(fate) && before && after && !isGone(fates.of(column))) {
      add(`drop ${key}`, rank.DEFAULT_DROP_RANK, before, tables.setDefault(before, undefined));
    }
    const withType = fate === "alter" && fates.retyped.has(column);
    if (fate === "drop" || after === undefined || coveredBy.has(key) || withType) return;
    if (inherited && isMade(fates.of(column))) return;
    if (after.fields.default === undefined) return;
    const made = isMade(fates.of(column));
    if (made && !needsTable(key, after.of!)) return;
    add(`make ${key}`, rank.DEFAULT_RANK, after, tables.setDefault(after, after.fields.default), [key]);
  }

  function plan(key: string, fate: Fate): void {
    const [before, after] = [from.objects.get(key), to.objects.get(key)];
    const object = (after ?? before)!;
    if (object.kind === "other" || object.fields.type === "trigger") return;
    if (isGone(fate) && before && dropId(key) === `drop ${key}`) {
      const at =
        fate === "remake" && object.kind !== "event_trigger" ? rank.REMAKE_DROP_RANK : rank.DROP_RANK[object.kind];
      add(`drop ${key}`, at, before, drop(before));
    }
    if (fate === "drop" && object.kind === "sequence") return;
    if (isMade(fate) && !coveredBy.has(key)) planMake(key, after!, fate);
    if ((fate === "alter" || fate === "retype") && before && after) {
      add(`alter ${key}`, alterRank(object), after, alter(key, before, after, fate), [key]);
      const withDefault =
        object.kind === "column" &&
        fates.retyped.has(key) &&
        ["keep", "alter"].includes(fates.of(`default:${object.name}`));
      if (withDefault) coveredBy.set(`default:${object.name}`, `alter ${key}`);
      if (withDefault) tasks.get(`alter ${key}`)!.makes.push(`default:${object.name}`);
      if (object.kind === "sequence") planOwner(key, before, after);
    }
    if (isMade(fate) && object.kind === "sequence" && after && !hasIdentity(after, to))
      planOwner(key, undefined, after);
  }

  function alterRank({ kind }: SchemaObject): number {
    if (kind === "default_privileges" || kind === "grant") return rank.DROP_RANK[kind];
    return rank.MAKE_RANK[kind] + (kind === "column" ? 2 : 0);
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
      drafts = kind === "column" ? adjustments(after) : kind === "trigger" ? programs.firesIfUnusual(after) : [];
      if (kind === "column") makes.push(`default:${after.name}`);
      const task = add(`make ${key}`, at, after, drafts, makes);
      task.after.add(doneBy(inheritance.keyOf(inheritance.counterpart(to, after)!)) ?? "");
      return;
    }
    if (kind === "sequence" && hasIdentity(after, to)) return;
    if (kind === "column") {
      const withDefault = !needsTable(`default:${after.name}`, after.of!);
      if (withDefault) makes.push(`default:${after.name}`);
      drafts = tables.addColumn(columnParts(after, withDefault, makes));
    } else if (kind === "extension") drafts = pastDefaults(after, make(after, fate), sides);
    else drafts = [...make(after, fate), ...defaultsTaken(after, sides)];
    add(`make ${key}`, at, after, drafts, makes);
  }

  function planOwner(key: string, before: SchemaObject | undefined, after: SchemaObject): void {
    const [was, is] = [before?.fields.ownedBy, after.fields.ownedBy];
    if (was === is || (before && hasIdentity(before, from)) || hasIdentity(after, to)) return;
    if (was !== undefined) add(`free ${key}`, rank.DETACH_RANK, after, types.ownSequence(after, null));
    if (typeof is !== "string") return;
    const own = add(`own ${key}`, rank.OWN_RANK, after, types.ownSequence(after, is));
    // A table that becomes logged or unlogged takes along what belongs to it by then.
    own.after.add(`alter ${to.objects.get(`column:${is}`)?.of}`);
  }

  function make(after: SchemaObject, fate: Fate): Draft[] {
    switch (after.kind) {
      case "schema":
      case "extension":
      case "enum":
      case "domain":
      case "composite_type":
        return types.makeType(after);
      case "sequence":
        return types.makeSequence(after);
      case "constraint":
        return programs.makeConstraint(after, to.objects.get(after.of!)?.fields.partitionKey !== undefined);
      case "index":
        return programs.makeIndex(after);
      case "grant":
        return permissions.changeGrant(undefined, after);
      case "default_privileges":
        return permissions.changeDefaults(fate === "make" ? undefined : after, after);
      default:
        return programs.makeProgram(after);
    }
  }

  function drop(before: SchemaObject): Draft[] {
    switch (before.kind) {
      case "schema":
      case "extension":
      case "enum":
      case "domain":
      case "composite_type":
      case "sequence":
        return types.dropType(before);
      case "table":
        return [...(isReferredTo(before) ? tables.detach(before) : []), ...tables.dropTable(before)];
      case "column":
        return tables.dropColumn(before);
      case "constraint":
        return programs.dropConstraint(before);
      case "index":
        return programs.dropIndex(before);
      case "grant":
        return permissions.changeGrant(before, undefined);
      case "default_privileges":
        return from.objects.has(schemaOf(before)) && !to.objects.has(schemaOf(before))
          ? []
          : permissions.changeDefaults(before, undefined);
      default:
        return programs.dropProgram(before);
    }
  }

  function schemaOf({ fields }: SchemaObject): string {
    return `schema:${fields.schema}`;
  }

  function alter(key: string, before: SchemaObject, after: SchemaObject, fate: Fate): Draft[] {
    switch (after.kind) {
      case "schema":
      case "extension":
      case "enum":
      case "domain":
      case "composite_type":
        if (fate === "retype") return types.retype(before, after, movingColumns(key));
        return [...types.alterType(before, after), ...comment(before, after)];
      case "sequence":
        return [...types.alterSequence(before, after), ...comment(before, after)];
      case "table":
        return [...tables.alterTable(before, after), ...persistenceOfSequences(before, after)];
      case "column":
        return tables.alterColumn({
          before: withoutDroppedDefault(before),
          after: withoutLateDefault(after),
          sequenceBefore: before.fields.identity === undefined ? undefined : ownedSequence(from, before),
          sequenceAfter: after.fields.identity === undefined ? undefined : ownedSequence(to, after),
          hasChildren: [...from.neededBy(before.of!)].some((dependent) => dependent.startsWith("table:")),
          byParent: inheritance.keptInherited(to, after) && inheritance.keptInherited(from, before),
          retyped: before.fields.type === after.fields.type && !changedFields(before, after).has("collation"),
        });
      case "constraint":
      case "index":
        return programs.alterIndexOrConstraint(before, after);
      case "grant":
        return permissions.changeGrant(before, after);
      case "default_privileges":
        return permissions.changeDefaults(before, after);
      default:
        return programs.alterProgram(before, after);
    }
  }

  /** A partition cannot be dropped from under a table that foreign keys refer to; it leaves first. */
  function isReferredTo(table: SchemaObject): boolean {
    if (table.fields.partitionOf === undefined) return false;
    for (let above = parentsOf(table)[0]; above !== undefined; above = parentsOf(from.objects.get(above)!)[0]) {
      for (const key of from.childrenOf(above)) {
        for (const dependent of from.neededBy(key)) {
          if (from.objects.get(dependent)?.fields.type === "foreign key") return true;
        }
      }
    }
    return false;
  }

  /** A table that becomes logged or unlogged takes the sequences of its columns along, wanted or not. */
  function persistenceOfSequences(before: SchemaObject, after: SchemaObject): Draft[] {
    if (before.fields.persistence === after.fields.persistence) return [];
    const unlogged = after.fields.persistence === "unlogged";
    return from.childrenOf(`table:${before.name}`).flatMap((column) =>
      from.childrenOf(column).flatMap((key) => {
        const sequence = to.objects.get(key);
        if (sequence?.kind !== "sequence" || (sequence.fields.unlogged === true) === unlogged) return [];
        return types.setPersistence(sequence);
      }),
    );
  }

  function comment(before: SchemaObject, after: SchemaObject): Draft[] {
    return before.fields.comment === after.fields.comment ? [] : [commentOn(after)];
  }

  function withoutDroppedDefault(column: SchemaObject): SchemaObject {
    return isGone(fates.of(`default:${column.name}`)) ? withoutDefault(column) : column;
  }

  function withoutLateDefault(column: SchemaObject): SchemaObject {
    return isMade(fates.of(`default:${column.name}`)) ? withoutDefault(column) : column;
  }

  function withoutDefault(column: SchemaObject): SchemaObject {
    const { default: _, ...fields } = column.fields;
    return { ...column, fields };
  }

  /** Columns that stay and are of a type that is made anew. */
  function movingColumns(key: string): types.MovingColumn[] {
    return [...from.neededBy(key)].flatMap((dependent) => {
      const [before, after] = [from.objects.get(dependent), to.objects.get(dependent)];
      const moves = before?.kind === "column" && after !== undefined && !isGone(fates.of(dependent));
      if (!moves || !to.needs(dependent).has(key) || inheritance.keptInherited(from, before)) return [];
      return [{ before: withoutDroppedDefault(before), after: withoutLateDefault(after) }];
    });
  }

  /** A column that nothing happens to but that its type is made anew. */
  function planRetypedAlone(): void {
    for (const column of fates.retyped) {
      for (const needed of from.needs(column)) {
        if (fates.of(needed) === "retype" && !coveredBy.has(column)) coveredBy.set(column, `alter ${needed}`);
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
      const task = add(`link ${key}`, rank.LINK_RANK, object, programs.linkIndex(object));
      for (const id of [doneBy(key), doneBy(parent), `attach ${object.of}`]) if (id) task.after.add(id);
    }
  }

  /** The task that takes an object away: its own, or that of what it disappears with. */
  function dropId(key: string): string {
    const object = from.objects.get(key);
    if (fates.of(key) === "retype") return `alter ${key}`;
    if (object === undefined) {
      const column = `column:${key.slice("default:".length)}`;
      return key.startsWith("default:") && isGone(fates.of(column)) ? dropId(column) : `drop ${key}`;
    }
    if (object.kind === "sequence" && hasIdentity(object, from) && !isGone(fates.of(object.of!)))
      return `alter ${object.of}`;
    const owner = object.of;
    const parent = inheritance.keptParent(object);
    if (parent !== undefined && object.fields.type === "foreign key" && isGone(fates.of(parent))) return dropId(parent);
    if (owner !== undefined && !owner.startsWith("schema:")) {
      if (object.fields.type === "foreign key" && object.fields.inherited !== true) {
        const target = `table:${object.fields.references}`;
        if (target !== owner && isGone(fates.of(target)) && isGone(fates.of(owner))) return `drop ${key}`;
      }
      const ownerFate = fates.of(owner);
      if (isGone(ownerFate) || ownerFate === "retype") return dropId(owner);
    }
    if (parent !== undefined && isGone(fates.of(parent))) return dropId(parent);
    return `drop ${key}`;
  }

  /** The task after which an object is as it shall be; undefined when nothing happens to it. */
  function doneBy(key: string): string | undefined {
    const covered = coveredBy.get(key);
    if (covered !== undefined) return covered;
    const fate = fates.of(key);
    if (isMade(fate)) return `make ${key}`;
    return fate === "alter" || fate === "retype" ? `alter ${key}` : undefined;
  }

  /** A logged table never refers to an unlogged one, not even between two statements of an alteration. */
  function waitForPersistence(): void {
    const changes = (key: string) => {
      const [before, after] = [from.objects.get(key), to.objects.get(key)];
      if (before?.fields.persistence === after?.fields.persistence) return undefined;
      return tasks.get(`alter ${key}`) && after?.fields.persistence;
    };
    for (const key of from.keysOf("constraint")) {
      const { fields, of } = from.objects.get(key)!;
      if (fields.type !== "foreign key" || of === undefined) continue;
      const target = `table:${keyName(String(fields.references))}`;
      const first = changes(target) === "unlogged" ? { waits: target, other: of } : { waits: of, other: target };
      if (target === of || changes(first.waits) === undefined) continue;
      if (first.waits === of && changes(of) === "unlogged") continue;
      const task = tasks.get(`alter ${first.waits}`)!;
      if (isGone(fates.of(key))) wait(task, dropId(key));
      else wait(task, tasks.get(`alter ${first.other}`)?.id);
    }
  }

  /** A parent's change of type reaches its partitions with their defaults; those that go are gone before. */
  function waitForDroppedPartitions(): void {
    for (const key of from.keysOf("table")) {
      if (!isGone(fates.of(key))) continue;
      for (let above = parentsOf(from.objects.get(key)!); above.length > 0; ) {
        for (const parent of above) {
          for (const column of from.childrenOf(parent)) {
            if (fates.retyped.has(column)) wait(tasks.get(`alter ${column}`), dropId(key));
          }
        }
        above = above.flatMap((parent) => parentsOf(from.objects.get(parent)!));
      }
    }
  }

  function connect(): void {
    waitForPersistence();
    waitForDroppedPartitions();
    const made = [...tasks.values()];
    const links = made.filter(({ id }) => /^(?:link|attach) /.test(id) || isDroppedPartition(id)).map(({ id }) => id);
    const names = droppedNames();
    for (const task of made) {
      for (const key of task.makes) {
        for (const needed of to.needs(key)) wait(task, doneBy(needed));
        if (from.objects.has(key) && fates.of(key) === "remake") wait(task, dropId(key));
        if (!isMade(fates.of(key))) continue;
        for (const name of [relationName(to.objects.get(key)), onlyOne(to.objects.get(key))]) {
          for (const other of (name !== undefined && names.get(name)) || []) wait(task, other);
        }
      }
      if (task.id.startsWith("make constraint:") && task.object.fields.type === "foreign key") {
        const target = to.objects.get(`table:${task.object.fields.references}`);
        if (target?.fields.partitionKey !== undefined) for (const link of links) wait(task, link);
      }
      if (task.id.startsWith("make grant:column ")) {
        const table = `grant:${to.objects.get(task.object.of!)?.of?.replace(":", " ")} to ${task.object.fields.grantee}`;
        for (const verb of ["drop", "alter"]) wait(task, `${verb} ${table}`);
      }
      if (task.id.startsWith("make table:")) afterParents(task);
      if (task.id.startsWith("alter extension:")) {
        // Its members may stand in another schema afterwards, where no permission is found under its old name.
        for (const child of from.childrenOf(task.id.slice("alter ".length)))
          if (isGone(fates.of(child))) wait(task, dropId(child));
      }
      if (task.id.startsWith("own ")) {
        wait(task, doneBy(task.id.slice(4)));
        wait(task, `free ${task.id.slice(4)}`);
        wait(task, doneBy(`column:${task.object.fields.ownedBy}`));
      }
      if (task.object.kind === "column" && task.id.startsWith("alter ")) beforeColumnChange(task);
      if (task.id.startsWith("link ")) {
        // A partitioned index is valid, and fit to be attached with its table, once its own parts are attached.
        const above = to.objects.get(inheritance.indexParentKey(task.object))?.of;
        wait(tasks.get(`attach ${above}`), task.id);
      }
    }
    for (const [key, fate] of fates.changed) {
      if (isGone(fate) || fate === "retype") beforeDrop(key, tasks.get(dropId(key)));
    }
    for (const column of fates.retyped) {
      const id = doneBy(column);
      const task = id === undefined ? undefined : tasks.get(id);
      for (const dependent of from.neededBy(column))
        if (task && isGone(fates.of(dependent))) wait(task, dropId(dependent));
    }
    for (const [key, fate] of fates.changed) {
      // A sequence freed from a column outlives it.
      const free = tasks.get(`free ${key}`);
      const owner = from.objects.get(key)?.of;
      if (fate === "alter" && free && owner) wait(tasks.get(dropId(owner)), free.id);
    }
    connectPartitions(made);
  }

  function isDroppedPartition(id: string): boolean {
    return id.startsWith("drop table:") && tasks.get(id)!.object.fields.partitionOf !== undefined;
  }

  /** A new table takes over what its parents are at that moment. */
  function afterParents(task: OpenTask): void {
    for (const parent of task.object.fields.inherits === undefined ? [] : parentsOf(task.object)) {
      for (const column of to.childrenOf(parent)) {
        if (!column.startsWith("column:")) continue;
        wait(task, doneBy(column));
        wait(task, `make default:${column.slice("column:".length)}`);
      }
    }
  }

  function wait(task: OpenTask | undefined, id: string | undefined): void {
    if (task && id !== undefined && id !== task.id) task.after.add(id);
  }

  /** What has to be gone before a column loses NOT NULL or becomes an identity. */
  function beforeColumnChange(task: OpenTask): void {
    const key = `column:${task.object.name}`;
    const before = from.objects.get(key)!;
    const parent = inheritance.keptInherited(to, task.object) && inheritance.counterpart(to, task.object);
    if (parent) {
      wait(task, doneBy(inheritance.keyOf(parent)));
      wait(tasks.get(doneBy(inheritance.keyOf(parent)) ?? ""), `drop default:${task.object.name}`);
    }
    if (before.fields.notNull === true && task.object.fields.notNull !== true) {
      for (const dependent of from.neededBy(key)) if (isGone(fates.of(dependent))) wait(task, dropId(dependent));
    }
    if (task.object.fields.identity !== undefined) {
      wait(task, `drop default:${task.object.name}`);
      const sequence = ownedSequence(to, task.object);
      if (sequence && from.objects.has(`sequence:${sequence.name}`)) wait(task, dropId(`sequence:${sequence.name}`));
    }
  }

  function beforeDrop(key: string, task: OpenTask | undefined): void {
    if (task === undefined) return;
    for (const dependent of from.neededBy(key)) {
      if (isGone(fates.of(dependent))) wait(task, dropId(dependent));
      else if (fates.retyped.has(dependent)) {
        // A column that is of another type afterwards has to leave before; one that stays of the type moves with it.
        if (!to.needs(dependent).has(key) && coveredBy.get(dependent) !== task.id) wait(task, coveredBy.get(dependent));
      } else if (fates.of(dependent) === "alter" && fates.of(key) !== "remake") wait(task, doneBy(dependent));
      else if (fates.of(dependent) === "alter" && fates.of(key) === "remake" && !to.needs(dependent).has(key))
        wait(task, doneBy(dependent));
      if (detached.has(dependent)) wait(task, `detach ${dependent}`);
    }
  }

  function connectPartitions(made: readonly OpenTask[]): void {
    const byTable = new Map<string, OpenTask[]>();
    for (const task of made) {
      const of = task.object.kind === "table" ? `table:${task.object.name}` : task.object.of;
      if (of === undefined) continue;
      const list = byTable.get(of);
      if (list) list.push(task);
      else byTable.set(of, [task]);
    }
    for (const key of detached) {
      const parents = parentsOf(from.objects.get(key)!);
      for (const task of [key, ...parents].flatMap((table) => byTable.get(table) ?? [])) {
        const link = /^(?:detach|attach|free) /.test(task.id) && task.id !== `attach ${key}`;
        if (!link && task.id !== `make ${key}`) wait(task, `detach ${key}`);
      }
    }
    // An index of a partitioned table becomes valid when every partition that there is has its part.
    for (const task of made) {
      if (!task.id.startsWith("make ") || !isIndexLike(task.object)) continue;
      for (const dependent of from.neededBy(task.object.of!)) {
        if (dependent.startsWith("table:") && isGone(fates.of(dependent))) wait(task, dropId(dependent));
      }
    }
    for (const key of attached) {
      const attach = tasks.get(`attach ${key}`)!;
      const parents = parentsOf(to.objects.get(key)!);
      for (const parent of parents) wait(attach, doneBy(parent));
      for (const task of byTable.get(key) ?? []) {
        const prepares =
          ["table", "column"].includes(task.object.kind) ||
          (["constraint", "index"].includes(task.object.kind) && task.object.fields.type !== "foreign key");
        if (prepares && !/^(?:attach|link) /.test(task.id)) wait(attach, task.id);
      }
      for (const task of parents.flatMap((parent) => byTable.get(parent) ?? [])) {
        const shape =
          task.object.kind === "column" ||
          (task.id.startsWith("drop ") && ["constraint", "index", "trigger"].includes(task.object.kind));
        if (shape && !/^(?:attach|link) /.test(task.id)) wait(attach, task.id);
      }
    }
  }

  /** Names of relations and types that become free, with the tasks that free them. */
  function droppedNames(): Map<string, string[]> {
    const names = new Map<string, string[]>();
    for (const [key, fate] of fates.changed) {
      if (!isGone(fate)) continue;
      for (const name of [relationName(from.objects.get(key)), onlyOne(from.objects.get(key))]) {
        if (name === undefined) continue;
        const list = names.get(name);
        if (list) list.push(dropId(key));
        else names.set(name, [dropId(key)]);
      }
    }
    return names;
  }
}

const NAMED = new Set(["table", "view", "materialized_view", "sequence", "index", "enum", "domain", "composite_type"]);

/** The name an object takes among relations and types of its schema. */
function relationName(object: SchemaObject | undefined): string | undefined {
  if (object === undefined) return undefined;
  const parts = nameParts(object.name);
  // A call means one of two routines of a name only while there is no other.
  if (object.kind === "function") return `routine ${parts.join("\0")}`;
  if (NAMED.has(object.kind)) return parts.join("\0");
  return object.kind === "constraint" && isIndexLike(object) ? [parts[0], parts.at(-1)].join("\0") : undefined;
}

/** What there is one of at most, beside its name: the primary key of a table. */
function onlyOne(object: SchemaObject | undefined): string | undefined {
  return object?.fields.type === "primary key" ? `primary key of ${object.of}` : undefined;
}
