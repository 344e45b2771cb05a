import type { Page } from "../output/page.ts";
import type { PlanDocument, PlannedMigration } from "./plan-document.ts";

/** The plan for people: what breaks, then migrations and deployments of code in their order. */
export function planLines(plan: PlanDocument, page: Page): string[] {
  const { colours, signs } = page;
  if (plan.breaks.length === 0 && plan.obstacles.length === 0)
    return [`${colours.green(signs.yes)} ${plan.file} breaks nothing that is; it needs no plan`];
  const lines = [
    `${colours.bold(plan.file)} ${colours.dim(`${signs.dot} ${plan.migrations.length === 0 ? "no plan" : `in ${plan.migrations.length} migrations`}`)}`,
    ...plan.breaks.map((reason) => `  ${colours.red(signs.no)} ${reason}`),
    ...plan.obstacles.map(
      ({ object, reason }) => `  ${colours.red(signs.no)} ${colours.bold("cannot be planned")} ${object}: ${reason}`,
    ),
  ];
  if (plan.migrations.length === 0) return lines;
  for (const migration of plan.migrations) lines.push("", ...migrationLines(migration, page));
  for (const code of plan.codeAfterwards) lines.push("", `${colours.cyan(signs.arrow)} ${code}`);
  const reaches =
    plan.reaches === "exact"
      ? "The last leads to exactly the schema of the migration itself."
      : "The last leads to the schema of the migration itself, but for the order of columns.";
  return [...lines, "", `${colours.green(signs.yes)} ${reaches}`];
}

function migrationLines(
  { name, transactional, codeBefore, beside, losses, up, down, rehearsal, statements }: PlannedMigration,
  { colours, signs }: Page,
): string[] {
  const locks = new Map<string, string>();
  for (const { relation, mode } of statements.flatMap((statement) => statement.locks)) {
    if (mode !== "AccessShareLock" && (locks.get(relation) ?? "") !== "AccessExclusiveLock") locks.set(relation, mode);
  }
  const rewrites = new Set(statements.flatMap((statement) => statement.rewrites));
  const scans = new Set(
    statements.flatMap((statement) => statement.scans).filter((relation) => !rewrites.has(relation)),
  );
  const facts = [
    ...[...locks].map(([relation, mode]) => `${mode} on ${relation}`),
    ...[...rewrites].map((relation) => `rewrites ${relation}`),
    ...[...scans].map((relation) => `reads ${relation}`),
    ...(transactional ? [] : ["outside a transaction"]),
  ];
  const sign = (fine: boolean) => (fine ? colours.green(signs.yes) : colours.red(signs.no));
  const { up: there, down: back } = rehearsal;
  const restored = ["exact", "column-order"].includes(back.outcome);
  return [
    ...codeBefore.map((code) => `${colours.cyan(signs.arrow)} ${code}`),
    colours.bold(name),
    ...up
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
    ...(facts.length > 0 ? [colours.dim(`    ${facts.join(", ")}`)] : []),
    `  ${sign(there.outcome === "ok")} ${there.outcome === "ok" ? "runs" : `does not run: ${there.reason}`}; ${sign(restored)} way back: ${back.outcome}${back.reason === null ? "" : `, ${back.reason}`}`,
    ...down
      .trimEnd()
      .split("\n")
      .map((line) => colours.dim(`  ${signs.dot} ${line}`)),
    ...losses.map((loss) => colours.yellow(`    the way back: ${loss}`)),
    ...beside.map((sentence) => `  ${colours.dim(sentence)}`),
  ];
}
