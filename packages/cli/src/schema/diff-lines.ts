import type { AlterationStep } from "@change-mgmt/analysis/alteration/alteration.ts";
import type { Page } from "../output/page.ts";
import type { DiffDocument } from "./diff-document.ts";

/** The comparison for people: what differs and what it means, then the way there. */
export function diffLines(diff: DiffDocument, page: Page): string[] {
  const { colours, signs } = page;
  const outside = diff.outside.map(
    ({ object, what, from, to }) =>
      `  ${colours.yellow(signs.open)} the ${what} of ${object} is ${to ?? "the database's own"} instead of ${from ?? "the database's own"}, which no statement here changes`,
  );
  if (diff.equal) return [`${colours.green(signs.yes)} ${diff.from} and ${diff.to} have the same schema`, ...outside];
  const count = (one: string, some: string, n: number) => `${n} ${n === 1 ? one : some}`;
  const breaking = diff.differences.filter((difference) => difference.breaking).length;
  const lines = [
    `${colours.bold(`${diff.from} ${signs.arrow} ${diff.to}`)} ${colours.dim(`${signs.dot} ${count("difference", "differences", diff.differences.length)}, ${breaking} breaking`)}`,
    ...diff.differences.map(
      ({ breaking, reason }) => `  ${breaking ? colours.red(signs.no) : colours.dim(signs.dot)} ${reason}`,
    ),
  ];
  for (const { object, reason } of diff.obstacles)
    lines.push(`  ${colours.red(signs.no)} ${colours.bold("not possible")} ${object}: ${reason}`);
  for (const table of diff.columnOrder)
    lines.push(
      `  ${colours.yellow(signs.open)} the columns of ${table} stand in another order, which no statement changes`,
    );
  for (const { from, to } of diff.renames)
    lines.push(`  ${colours.yellow(signs.open)} perhaps ${from} was renamed: --rename=${from}=${to}`);
  lines.push(...outside);
  if (diff.steps.length > 0)
    lines.push(
      "",
      colours.bold("The way there"),
      ...diff.steps.flatMap((step, at) => stepLines(step, diff.steps[at - 1]?.phase, page)),
    );
  return [...lines, "", verificationLine(diff, page)];
}

function stepLines(step: AlterationStep, phaseBefore: number | undefined, { colours }: Page): string[] {
  const facts = [
    ...(step.lock === null ? [] : [`${step.lock.mode} on ${step.lock.relation}`]),
    ...(step.rewrites ? ["rewrites the table"] : step.scans ? ["reads the table"] : []),
    ...(step.transactional ? [] : ["runs outside a transaction"]),
  ];
  return [
    ...(phaseBefore !== undefined && phaseBefore !== step.phase
      ? [colours.dim("  -- commit here: what follows uses it")]
      : []),
    ...step.sql.split("\n").map((line) => `  ${line}`),
    ...(facts.length > 0 ? [colours.dim(`    ${facts.join(", ")}`)] : []),
    ...(step.lossy === null ? [] : [colours.red(`    loses ${step.lossy}`)]),
    ...(step.needs === null ? [] : [colours.yellow(`    needs: ${step.needs}`)]),
  ];
}

function verificationLine({ verification }: DiffDocument, { colours, signs }: Page): string {
  switch (verification?.outcome) {
    case undefined:
      return colours.dim("Not verified; --verify applies the statements to a disposable copy and compares.");
    case "equal":
      return `${colours.green(signs.yes)} Verified: applied to a copy, the statements lead to exactly this schema.`;
    case "column-order":
      return `${colours.green(signs.yes)} Verified: applied to a copy, only the order of columns differs.`;
    case "not-verified":
      return `${colours.yellow(signs.open)} Not verified: ${verification!.reason}`;
    default:
      return [
        `${colours.red(signs.no)} Applied to a copy, it does not hold: ${verification!.reason}`,
        ...verification!.left.map((one) => `  ${one}`),
      ].join("\n");
  }
}
