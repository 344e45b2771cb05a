import type { ApplyDocument } from "@change-mgmt/api/apply.ts";
import type { Page } from "../output/page.ts";
import { troubleLines } from "../output/trouble.ts";

type Report = Omit<ReturnType<typeof ApplyDocument.parse>, "ok">;

/** The report for people: each migration that was applied or is pending, what failed, and a line that sums up. */
export function applyLines(report: Report, page: Page): string[] {
  const { colours, signs } = page;
  const { applied, pending, failed, dryRun } = report;
  const lines = applied.map(({ name, statements, milliseconds }) => {
    const brief = `${signs.dot} ${count(statements, "statement")} ${signs.dot} ${milliseconds} ms`;
    return `${colours.green(signs.yes)} ${name} ${colours.dim(brief)}`;
  });
  if (failed) {
    const { message, ...refusal } = failed.refusal;
    const trouble = { ...refusal, detail: message };
    lines.push(`${colours.red(signs.no)} ${colours.bold(failed.name)}`, `  ${failed.targetState}`);
    lines.push(...troubleLines(trouble, page).map((line) => `  ${line}`));
  }
  if (dryRun) lines.push(...pending.map((name) => `${colours.yellow(signs.open)} ${name}`));
  return [...lines, summary(report, page)];
}

function summary({ applied, pending, failed, dryRun, before, database, ledger, tool }: Report, page: Page): string {
  const { colours, signs } = page;
  const place = `${database} (${tool}${ledger === null ? "" : ", with its ledger"})`;
  if (failed) {
    const rest = pending.length - 1;
    return `${colours.red(signs.no)} ${place}: ${count(applied.length, "migration")} applied, 1 failed, ${rest} not tried`;
  }
  if (dryRun && pending.length > 0)
    return `${signs.dot} ${place}: ${count(pending.length, "migration")} pending, ${before} applied before; nothing was run`;
  if (applied.length === 0)
    return `${colours.green(signs.yes)} ${place}: nothing pending, ${count(before, "migration")} applied before`;
  return `${colours.green(signs.yes)} ${place}: ${count(applied.length, "migration")} applied, ${before} before`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
