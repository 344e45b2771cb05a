import type { Place } from "@change-mgmt/domain/change/refusal.ts";
import type { Trouble } from "../stop.ts";
import type { Page } from "./page.ts";
import { plain } from "./plain-text.ts";

/** A refusal for people: sentence and code, where, its problems one by one, and what to do. */
export function troubleLines(trouble: Trouble, page: Page): string[] {
  const { code, detail, hint, place, problems = [] } = plain(trouble);
  const { colours, signs } = page;
  return [
    `${colours.red(`${signs.no} ${detail}`)} ${colours.dim(`[${code}]`)}`,
    ...(place ? [`  at ${placeText(place)}`] : []),
    ...problems.flatMap((problem) => [
      `  ${signs.dot} ${problem.place ? `${placeText(problem.place)}: ` : ""}${problem.message} ${colours.dim(`[${problem.code}]`)}`,
      ...(problem.hint ? [`    ${colours.dim(problem.hint)}`] : []),
    ]),
    ...(hint ? [`  hint: ${hint}`] : []),
  ];
}

/** Where something is: `file:line:column`, or the pointer into the request. */
export function placeText(place: Place): string {
  if (place.file !== undefined)
    return [place.file, place.line, place.line === undefined ? undefined : place.column]
      .filter((part) => part !== undefined)
      .join(":");
  if (place.line !== undefined)
    return `line ${place.line}${place.column === undefined ? "" : `, column ${place.column}`}`;
  return place.pointer || "the request";
}
