import { canonicalJson } from "../change/canonical-json.ts";
import { conditionText } from "./conditions.ts";
import type { DecisionTable, Process, Tables, Transition } from "./process.ts";
import { tablesIn } from "./table.ts";

/** One thing that two versions of a process say otherwise. */
export interface ProcessDifference {
  /** Where it stands, in words: `Form`, `Stage Validation`, `Table Approvals`. */
  readonly part: string;
  /** What it is within its part: the id of a row, a field or a step, or the name of a property. */
  readonly id: string;
  /** Undefined where it is new. */
  readonly before?: unknown;
  /** Undefined where it is gone. */
  readonly after?: unknown;
}

type Thing = readonly [part: string, id: string, value: unknown, room?: string];

/**
 * What a version of a process says otherwise than another, in the order of the earlier one and then of the later. The order of rows means
 * nothing in a decision table and makes no difference; where things stand in their files does not either.
 */
export function compareProcesses(before: Process, after: Process): readonly ProcessDifference[] {
  const [was, is] = [thingsOf(before), thingsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [one, other] = [was.get(key), is.get(key)];
    if (one !== undefined && other !== undefined && canonicalJson(one.value) === canonicalJson(other.value)) return [];
    const { part, id } = (other ?? one)!;
    return [
      {
        part,
        id,
        ...(one === undefined ? {} : { before: one.value }),
        ...(other === undefined ? {} : { after: other.value }),
      },
    ];
  });
}

function thingsOf(
  process: Process,
): Map<string, { readonly part: string; readonly id: string; readonly value: unknown }> {
  const {
    name: _name,
    place: _place,
    dimensions,
    derived,
    types,
    form,
    routing,
    stages,
    approvals,
    testing,
    rollback,
    afterwards,
    positions = [],
    boards = [],
    windows = [],
    standing = [],
    freezes = [],
    triggers = [],
    bands = [],
    scores = [],
    template,
    ...about
  } = process;
  const listed = <T>(part: string, all: readonly T[], id: (one: T) => string, room = part) =>
    all.map((one): Thing => [part, id(one), one, room]);
  const things: Thing[] = [
    ...Object.entries(about).map(([id, value]): Thing => ["About", id, value]),
    ...Object.entries(dimensions).map(([id, value]): Thing => ["Dimensions", id, value]),
    ...listed("Types", types, ({ id }) => id),
    ...listed("Form", form.fields, ({ id }) => id),
    ...listed("Rules of the form", form.rules, ({ code }) => code),
    ...listed("Positions", positions, ({ id }) => id),
    ...listed("Boards", boards, ({ id }) => id),
    ...listed("Bands", bands, ({ name }) => name),
    ...listed("Standing changes", standing, ({ id }) => id),
    ...listed("Freezes", freezes, ({ id }) => id),
    ...stages.flatMap(({ steps, transitions, refusals = [], ...stage }): Thing[] => {
      const [part, room] = [`Stage ${stage.title}`, `stage ${stage.id}`];
      return [
        [part, stage.id, stage, room],
        ...listed(part, steps, ({ id }) => id, room),
        ...listed(part, transitions, transitionText, room),
        ...listed(part, refusals, ({ on, when = {} }) => `${on} refused${whenText(when)}`, room),
      ];
    }),
    ...tables([routing]),
    ...tables(approvals),
    ...derived.flatMap(({ table, ...conclusion }) => tables([table], conclusion)),
    ...scores.flatMap(({ table, ...score }) => tables(table, score)),
    ...tables(testing),
    ...tables(rollback),
    ...tables(afterwards),
    ...tables(windows),
    ...tables(triggers),
    ...(template === undefined
      ? []
      : [
          ["Template", "about", { format: template.format, title: template.title }] as const,
          ...listed("Template", template.entries, ({ at }) => at.join(" / ")),
        ]),
  ];
  const found = new Map<string, { part: string; id: string; value: unknown }>();
  for (const [part, id, value, room = part] of things) {
    // What stands there twice under one name is told apart by its turn.
    let key = `${room}\n${id}`;
    while (found.has(key)) key += "\n";
    found.set(key, { part, id, value: withoutPlaces(value) });
  }
  return found;
}

function tables(of: Tables<unknown>, about: object = {}): readonly Thing[] {
  return tablesIn(of).flatMap(({ rows, ...table }: DecisionTable<unknown>): Thing[] => {
    const [part, room] = [`Table ${table.title}`, `table ${table.id}`];
    return [
      [part, table.id, { ...about, ...table }, room],
      ...rows.map(({ id, ...row }): Thing => [part, id, row, room]),
    ];
  });
}

function transitionText({ on, to, when = {} }: Transition): string {
  return `${on} to ${to}${whenText(when)}`;
}

function whenText(when: Transition["when"] & object): string {
  return Object.keys(when).length === 0 ? "" : ` when ${conditionText(when)}`;
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) =>
      name === "place" || one === undefined ? [] : [[name, withoutPlaces(one)]],
    ),
  );
}
