import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { checkProcess } from "@change-mgmt/domain/process/check.ts";
import { tablesOf } from "@change-mgmt/domain/process/check-tables.ts";
import type { DecisionTable, Process, Stage, Transition } from "@change-mgmt/domain/process/process.ts";
import { expect, test } from "vitest";
import { loadProcess } from "./process-file.ts";

const folder = resolve(import.meta.dirname, "../../../../processes");
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** A process without one thing it says, and the word by which a problem names where that was. */
interface Without {
  readonly what: string;
  readonly where: string;
  readonly process: Process;
}

function withoutEachRow(process: Process): readonly Without[] {
  return tablesOf(process).flatMap((table) =>
    table.rows.map((row) => ({
      what: `row ${row.id} of table ${table.id}`,
      where: table.id,
      process: replaced(process, table, { ...table, rows: table.rows.filter((other) => other !== row) }),
    })),
  );
}

/** The same process with one table for another, wherever it stands. */
function replaced(process: Process, from: DecisionTable<unknown>, to: DecisionTable<unknown>): Process {
  const walk = (value: unknown): unknown => {
    if (value === from) return to;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)]));
  };
  return walk(process) as Process;
}

function withoutEachTransition(process: Process): readonly Without[] {
  return process.stages.flatMap((stage) =>
    stage.transitions.map((transition) => ({
      what: `the transition from ${stage.id} on ${transition.on} to ${transition.to}`,
      where: stage.id,
      process: withTransitions(
        process,
        stage,
        stage.transitions.filter((other) => other !== transition),
      ),
    })),
  );
}

function withoutEachGate(process: Process): readonly Without[] {
  return process.stages.flatMap((stage) =>
    stage.transitions.flatMap((transition) =>
      transition.gates.map((gate) => ({
        what: `the gate ${gate} from ${stage.id} on ${transition.on} to ${transition.to}`,
        where: stage.id,
        process: withTransitions(
          process,
          stage,
          stage.transitions.map((other) =>
            other === transition ? { ...other, gates: other.gates.filter((kept) => kept !== gate) } : other,
          ),
        ),
      })),
    ),
  );
}

function withTransitions(process: Process, stage: Stage, transitions: readonly Transition[]): Process {
  return { ...process, stages: process.stages.map((other) => (other === stage ? { ...other, transitions } : other)) };
}

test.each(names)("in %s no row, transition or gate can be missing without its being said where", async (name) => {
  const loaded = await loadProcess(resolve(folder, name));
  const process = loaded.ok ? loaded.value.process : undefined;
  expect(process && checkProcess(process)).toEqual([]);
  const tried = [withoutEachRow, withoutEachTransition, withoutEachGate].flatMap((each) => each(process!));
  const unnoticed = tried
    .filter(({ process: less, where }) => !checkProcess(less).some(({ message }) => message.includes(where)))
    .map(({ what }) => what);
  expect(unnoticed).toEqual([]);
  expect(tried.length).toBeGreaterThan(50);
});
