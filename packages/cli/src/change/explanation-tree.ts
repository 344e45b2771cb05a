import type { Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import type { Explanation } from "./change-types.ts";

/** How much of a tree is shown: everything, or not what lies below what is met anyway. */
export type Depth = "all" | "open";

/** The branches below a decision: a mark, the title and the reason on each line, and who could still give what is missing. */
export function explanationBranches({ children }: Explanation, depth: Depth, page: Page): string[] {
  const { signs } = page;
  return children.flatMap((child, at) => {
    const last = at === children.length - 1;
    const under = last ? " ".repeat(signs.trunk.length) : signs.trunk;
    const below = depth === "open" && child.met ? [] : explanationBranches(child, depth, page);
    return [
      `${last ? signs.lastBranch : signs.branch}${headline(child, page)}`,
      ...[...givers(child, below.length > 0, page), ...below].map((line) => `${under}${line}`),
    ];
  });
}

function headline({ title, met, reason }: Explanation, page: Page): string {
  const { colours, signs } = page;
  const mark = met ? colours.green(signs.yes) : colours.red(signs.no);
  return `${mark} ${oneLine(title)}${reason ? colours.dim(` ${signs.dot} ${oneLine(reason)}`) : ""}`;
}

function givers({ met, reason, couldBeGivenBy: people }: Explanation, branchesFollow: boolean, page: Page): string[] {
  if (met || !people || (people.length > 0 && reason.includes(people.join(", ")))) return [];
  const text = people.length === 0 ? "nobody could give it now" : `could be given by ${people.join(", ")}`;
  return [`${branchesFollow ? page.signs.trunk : "   "}${page.colours.yellow(text)}`];
}
