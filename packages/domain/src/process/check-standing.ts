import type { Problem } from "../change/refusal.ts";
import { checkFieldValue } from "../lifecycle/requests/field-value.ts";
import { checkCondition, checkDuplicates, problem } from "./problem.ts";
import type { Process, StandingChange } from "./process.ts";
import { STANDING } from "./standing.ts";
import { suggest } from "./suggestion.ts";
import { tablesIn } from "./table.ts";

/** What is wrong with a process's catalogue of standing changes: no field to choose them in, words that nothing declares, conclusions that rest on them. */
export function checkStanding(process: Process): readonly Problem[] {
  const { standing = [], form, place } = process;
  if (standing.length === 0) return [];
  const field = form.fields.find(({ id }) => id === STANDING);
  const sound = field?.kind === "choice" && field.fact === STANDING;
  return [
    ...checkDuplicates("standing changes", standing),
    ...(sound
      ? []
      : [
          problem(
            "STANDING_FIELD",
            "There are standing changes, and the form has no field to choose one in.",
            `Add a field with the id "${STANDING}", the kind choice and the fact "${STANDING}"; its values are filled in.`,
            place,
          ),
        ]),
    ...standing.flatMap((entry) => checkEntry(entry, process)),
    ...tooEarly(process),
  ];
}

function checkEntry(entry: StandingChange, { form, dimensions, positions = [] }: Process): readonly Problem[] {
  const where = `Standing change ${entry.id}`;
  const ids = form.fields.map(({ id }) => id);
  const fields = Object.entries(entry.fields).flatMap(([id, value]) => {
    const field = form.fields.find((one) => one.id === id);
    if (field === undefined || id === STANDING)
      return [problem("FIELD_UNKNOWN", `${where} fills in the field "${id}".`, suggest(id, ids), entry.place)];
    return checkFieldValue(field, value).map(({ code, message, hint = "" }) =>
      problem(code, `${where}: ${message}`, hint, entry.place),
    );
  });
  const known = positions.map(({ id }) => id);
  return [
    ...checkCondition(entry.when, dimensions, where, entry.place),
    ...(entry.when[STANDING] === undefined
      ? []
      : [problem("STANDING_CIRCLE", `${where} asks for what it decides.`, "Ask for something else.", entry.place)]),
    ...fields,
    ...(known.includes(entry.owner)
      ? []
      : [
          problem(
            "POSITION_UNKNOWN",
            `${where} is owned by "${entry.owner}", which is no position.`,
            suggest(entry.owner, known),
            entry.place,
          ),
        ]),
  ];
}

/** Whether a change is a standing one is known last: its conditions rest on everything that is concluded. */
function tooEarly({ derived, scores = [] }: Process): readonly Problem[] {
  return [...derived.map(({ table }) => table), ...scores.flatMap(({ table }) => tablesIn<unknown>(table))]
    .filter(({ dimensions }) => dimensions.includes(STANDING))
    .map((table) =>
      problem(
        "STANDING_CIRCLE",
        `Table ${table.id} concludes something from "${STANDING}", which is only known when everything is concluded.`,
        "Ask for it where approvals, tests or what follows are decided.",
        table.place,
      ),
    );
}
