import type { Place, Problem } from "../change/refusal.ts";
import { members, NONE } from "./conditions.ts";
import type { Condition, Dimension } from "./process.ts";
import { suggest } from "./suggestion.ts";

/** Makes a problem, leaving the place out where none is known. */
export function problem(code: string, message: string, hint: string, place: Place | undefined): Problem {
  return place === undefined ? { code, message, hint } : { code, message, hint, place };
}

/** What of a condition nothing declares: unknown dimensions (DIMENSION_UNKNOWN), values outside a closed one (VALUE_UNKNOWN), no values at all. */
export function checkCondition(
  condition: Condition,
  dimensions: Readonly<Record<string, Dimension>>,
  where: string,
  place: Place | undefined,
): readonly Problem[] {
  return Object.entries(condition).flatMap(([name, wish]) => {
    const dimension = dimensions[name];
    if (dimension === undefined) {
      const hint = suggest(name, Object.keys(dimensions));
      return [problem("DIMENSION_UNKNOWN", `${where} asks for "${name}", which is no dimension.`, hint, place)];
    }
    const wanted = members(wish);
    if (wanted.length === 0) {
      return [
        problem(
          "NEVER_HOLDS",
          `${where} allows no value of "${name}".`,
          "Leave the dimension out to allow any.",
          place,
        ),
      ];
    }
    if (dimension.open === true) return [];
    return wanted
      .filter((value) => !dimension.values.includes(value) && !(dimension.many === true && value === NONE))
      .map((value) => {
        const hint = suggest(String(value), dimension.values.map(String));
        return problem("VALUE_UNKNOWN", `${where} asks for ${name} = ${value}, which never occurs.`, hint, place);
      });
  });
}

/** Ids that occur more than once, as DUPLICATE_ID at the second place. */
export function checkDuplicates(
  what: string,
  items: readonly { readonly id: string; readonly place?: Place }[],
): readonly Problem[] {
  return items
    .filter((item, index) => items.findIndex((other) => other.id === item.id) !== index)
    .map((item) => problem("DUPLICATE_ID", `There are two ${what} "${item.id}".`, "Give each its own id.", item.place));
}
