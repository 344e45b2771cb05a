import type { Problem } from "../change/refusal.ts";
import { findContradictions, findGaps, isShadowed } from "./coverage.ts";
import { GIVEN_FACTS } from "./facts.ts";
import { checkCondition, checkDuplicates, problem } from "./problem.ts";
import type { BandLevel, DecisionTable, Process } from "./process.ts";
import { suggest } from "./suggestion.ts";
import { tablesIn } from "./table.ts";

/** Every table of a process, derived facts and scores included. */
export function tablesOf(process: Process): readonly DecisionTable<unknown>[] {
  const { derived, scores = [], routing, approvals, testing, rollback, afterwards, windows, triggers } = process;
  return [
    ...derived.map((fact) => fact.table),
    ...scores.flatMap((score) => tablesIn<unknown>(score.table)),
    routing,
    ...tablesIn<unknown>(approvals),
    ...tablesIn<unknown>(testing),
    ...tablesIn<unknown>(rollback),
    ...tablesIn<unknown>(afterwards),
    ...(windows === undefined ? [] : tablesIn<unknown>(windows)),
    ...(triggers === undefined ? [] : tablesIn<unknown>(triggers)),
  ];
}

/** Gaps, contradictions, rows that never decide anything, undeclared words and conclusions used before they are drawn. */
export function checkTables(process: Process): readonly Problem[] {
  const tables = tablesOf(process);
  return [
    ...checkDuplicates("tables", tables),
    ...tables.flatMap((table) => checkTable(table, process)),
    ...checkConclusions(process),
    ...(process.bands ?? []).flatMap((band) => checkLevels(band.name, band.levels, process)),
    ...(process.scores ?? []).flatMap((score) => checkLevels(score.name, score.levels, process)),
  ];
}

function checkTable(table: DecisionTable<unknown>, process: Process): readonly Problem[] {
  const { dimensions } = process;
  const problems: Problem[] = [...checkDuplicates(`rows in table ${table.id}`, table.rows)];
  for (const name of table.dimensions.filter((candidate) => dimensions[candidate] === undefined)) {
    const hint = suggest(name, Object.keys(dimensions));
    problems.push(
      problem("DIMENSION_UNKNOWN", `Table ${table.id} declares "${name}", which is no dimension.`, hint, table.place),
    );
  }
  for (const row of table.rows) {
    const where = `Row ${row.id} of table ${table.id}`;
    problems.push(...checkCondition(row.when, dimensions, where, row.place));
    for (const name of Object.keys(row.when).filter((key) => dimensions[key] && !table.dimensions.includes(key))) {
      const hint = `Add "${name}" to the dimensions of the table.`;
      problems.push(
        problem(
          "DIMENSION_UNDECLARED",
          `${where} asks for "${name}", which the table does not declare.`,
          hint,
          row.place,
        ),
      );
    }
  }
  // What a row with unknown words covers is unknown too: gaps would be reported that the correction closes.
  if (problems.length > 0) return problems;
  return [
    ...uncertainProblems(table, process),
    ...gapProblems(table, dimensions),
    ...overlapProblems(table, dimensions),
  ];
}

/** A table without gaps still says nothing where a fact it asks for may stay unknown. */
function uncertainProblems(table: DecisionTable<unknown>, process: Process): readonly Problem[] {
  return table.dimensions
    .filter((name) => table.rows.some((row) => row.when[name] !== undefined) && !isCertain(name, process))
    .map((name) =>
      problem(
        "FACT_UNCERTAIN",
        `Table ${table.id} asks for "${name}", which nothing makes sure to be known.`,
        "Give the dimension a default, or require the field it comes from.",
        table.place,
      ),
    );
}

function isCertain(name: string, { dimensions, derived, scores = [], form }: Process): boolean {
  const { default: fallback, many } = dimensions[name]!;
  return (
    fallback !== undefined ||
    many === true ||
    GIVEN_FACTS.includes(name) ||
    [...derived, ...scores].some((fact) => fact.name === name) ||
    form.fields.some(
      (field) =>
        field.factWhenFilled === name ||
        (field.fact === name && (field.default !== undefined || (field.required === true && field.when === undefined))),
    )
  );
}

function gapProblems(table: DecisionTable<unknown>, dimensions: Process["dimensions"]): readonly Problem[] {
  const gaps = findGaps(table, dimensions);
  if (gaps.count === 0) return [];
  const examples = gaps.examples.map((example) => {
    const parts = Object.entries(example).map(([name, value]) => `${name} = ${value}`);
    return parts.length === 0 ? "everything" : parts.join(", ");
  });
  const more = gaps.count > examples.length ? `; and ${gaps.count - examples.length} more` : "";
  const message = `Table ${table.id} says nothing about ${gaps.count} combination${gaps.count === 1 ? "" : "s"}: ${examples.join("; ")}${more}.`;
  return [
    problem(
      "TABLE_GAP",
      message,
      "Add rows for them; where the source is silent, take the stricter neighbour.",
      table.place,
    ),
  ];
}

function overlapProblems(table: DecisionTable<unknown>, dimensions: Process["dimensions"]): readonly Problem[] {
  if (table.hit === "collect") return [];
  const contradictions = findContradictions(table, dimensions).map(([first, second]) =>
    problem(
      "TABLE_CONTRADICTION",
      `Rows ${first.id} and ${second.id} of table ${table.id} can match at once and answer differently.`,
      "Narrow one of them, or let the table collect.",
      second.place,
    ),
  );
  const shadowed = table.rows
    .filter((row) => isShadowed(row, table, dimensions))
    .map((row) =>
      problem(
        "ROW_SHADOWED",
        `Row ${row.id} of table ${table.id} never decides alone: others cover all of it.`,
        "Remove it, or narrow the others.",
        row.place,
      ),
    );
  return [...contradictions, ...shadowed];
}

/** Conclusions are drawn in order, so a table must not ask for one that is drawn later; and each must be a declared dimension's value. */
function checkConclusions({ derived, dimensions }: Process): readonly Problem[] {
  return derived.flatMap(({ name, table }, index) => {
    const dimension = dimensions[name];
    if (dimension === undefined) {
      return [
        problem(
          "DIMENSION_UNKNOWN",
          `The derived fact "${name}" is no dimension.`,
          "Declare it with its values.",
          table.place,
        ),
      ];
    }
    const later = derived.slice(index).map((fact) => fact.name);
    const early = table.dimensions
      .filter((used) => later.includes(used))
      .map((used) =>
        problem(
          "DERIVED_TOO_LATE",
          `"${name}" is concluded from "${used}", which is not concluded before it.`,
          "Put it after.",
          table.place,
        ),
      );
    const values = table.rows
      .filter((row) => dimension.open !== true && !dimension.values.includes(row.then.value))
      .map((row) =>
        problem(
          "VALUE_UNKNOWN",
          `Row ${row.id} concludes ${name} = ${row.then.value}, which is none of its values.`,
          suggest(String(row.then.value), dimension.values.map(String)),
          row.place,
        ),
      );
    return [...early, ...values];
  });
}

function checkLevels(name: string, levels: readonly BandLevel[], { dimensions, place }: Process): readonly Problem[] {
  const dimension = dimensions[name];
  if (dimension === undefined) {
    return [problem("DIMENSION_UNKNOWN", `"${name}" is no dimension.`, "Declare it with its values.", place)];
  }
  const limits = levels.map((level) => level.upTo ?? Number.POSITIVE_INFINITY);
  const rising = limits.every((limit, index) => index === 0 || limit > limits[index - 1]!);
  const problems = levels
    .filter((level) => !dimension.values.includes(level.value))
    .map((level) =>
      problem(
        "VALUE_UNKNOWN",
        `"${name}" has no value ${level.value}.`,
        suggest(String(level.value), dimension.values.map(String)),
        place,
      ),
    );
  if (rising && limits.at(-1) === Number.POSITIVE_INFINITY) return problems;
  return [
    ...problems,
    problem(
      "LEVELS_UNORDERED",
      `The levels of "${name}" do not rise to one without a limit.`,
      "Order them by upTo and leave it out of the last.",
      place,
    ),
  ];
}
