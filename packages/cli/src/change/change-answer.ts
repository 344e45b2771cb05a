import { type Answer, answer } from "../command.ts";
import { oneLine } from "../output/plain-text.ts";
import { statusText } from "./change-table.ts";
import type { Change } from "./change-types.ts";
import { nextAct } from "./next-act.ts";

/** The answer of every act on a change: what was done, where the change stands now and what comes next. */
export function changeAnswer(change: Change, done: string): Answer {
  return answer(change, (clean, page) => {
    const { colours, signs } = page;
    return [
      `${colours.green(signs.yes)} ${colours.bold(clean.number)} ${done}: ${oneLine(clean.title)} ${signs.dot} ${statusText(clean.status, colours)} ${signs.dot} ${oneLine(clean.stageTitle)}`,
      ...nextAct(clean, page),
    ];
  });
}
