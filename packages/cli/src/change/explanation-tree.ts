import type { Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import type { Explanation } from "./change-types.ts";

/** A decision's tree: a mark, the title and the reason on each line, and who could still give what is missing. */
export function explanationTree(explanation: Explanation, page: Page): string[] {
  return [
    headline(explanation, page),
    ...givers(explanation, page, explanation.children.length > 0),
    ...branches(explanation, page),
  ];
}

function branches({ children }: Explanation, page: Page): string[] {
  const { signs } = page;
  return children.flatMap((child, at) => {
    const last = at === children.length - 1;
    const under = last ? " ".repeat(signs.trunk.length) : signs.trunk;
    const below = [...givers(child, page, child.children.length > 0), ...branches(child, page)];
    return [
      `${last ? signs.lastBranch : signs.branch}${headline(child, page)}`,
      ...below.map((line) => `${under}${line}`),
    ];
  });
}

function headline({ title, met, reason }: Explanation, page: Page): string {
  const { colours, signs } = page;
  const mark = met ? colours.green(signs.yes) : colours.red(signs.no);
  return `${mark} ${oneLine(title)}${reason ? colours.dim(` ${signs.dot} ${oneLine(reason)}`) : ""}`;
}

function givers({ met, couldBeGivenBy: people }: Explanation, page: Page, hasChildren: boolean): string[] {
  if (met || !people) return [];
  const text = people.length === 0 ? "nobody could give it now" : `could be given by ${people.join(", ")}`;
  return [`${hasChildren ? page.signs.trunk : "   "}${page.colours.yellow(text)}`];
}
