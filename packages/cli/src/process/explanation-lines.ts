import type { ProcessExplanation } from "@change-mgmt/analysis/configuration/explain.ts";
import type { Explanation } from "@change-mgmt/domain/process/process.ts";
import type { Page } from "../output/page.ts";

/** What a process says of given facts, for people: part by part, the rows that spoke and why the others did not. */
export function explanationLines(said: ProcessExplanation, page: Page): string[] {
  const { colours, signs } = page;
  const facts = Object.entries(said.facts).filter(([, value]) => value !== undefined);
  return [
    colours.bold("Facts"),
    ...facts.map(([name, value]) => `  ${name} = ${Array.isArray(value) ? value.join(", ") || "none" : String(value)}`),
    ...said.conclusions.flatMap(({ name, explanation }) => [
      "",
      `${colours.bold(`Conclusion: ${name}`)} ${String(said.facts[name] ?? "not known")}`,
      ...tree(explanation, page, "  "),
    ]),
    "",
    colours.bold("Form"),
    ...(said.form.length === 0
      ? [`  ${colours.green(signs.yes)} complete`]
      : said.form.map(({ code, message }) => `  ${colours.red(signs.no)} ${message} ${colours.dim(code)}`)),
    "",
    `${colours.bold("Team")} ${said.route.team ?? "none"} ${colours.dim(said.route.reason)}`,
    ...said.approvals.flatMap(({ environment, requirements, explanation }) => [
      "",
      `${colours.bold(`Approvals for ${environment}`)} ${requirements.join("; ") || "none"}`,
      ...tree(explanation, page, "  "),
    ]),
    "",
    `${colours.bold("Tests")} ${said.tests.due.map(({ kind, due }) => `${kind} ${due.replace("-", " ")}`).join("; ") || "none"}`,
    ...tree(said.tests.explanation, page, "  "),
    "",
    `${colours.bold("Way back")} rehearsal ${said.rollback.rehearsed}`,
    ...said.rollback.procedure.map((step) => `  ${signs.dot} ${step}`),
    ...tree(said.rollback.explanation, page, "  "),
    "",
    `${colours.bold("Afterwards")} watched for ${said.afterwards.monitoringDays} days; owed: ${said.afterwards.obligations.join(", ") || "nothing"}`,
    ...tree(said.afterwards.explanation, page, "  "),
    "",
    colours.bold("Checklist"),
    ...said.steps.map(({ stage, title }) => `  ${signs.open} ${title} ${colours.dim(stage)}`),
  ];
}

function tree({ title, met, reason, children }: Explanation, page: Page, indent: string): string[] {
  const { colours, signs } = page;
  const sign = met ? colours.green(signs.yes) : colours.dim(signs.no);
  const line = `${indent}${sign} ${met ? title : colours.dim(title)} ${colours.dim(reason)}`;
  return [line, ...children.flatMap((child) => tree(child, page, `${indent}  `))];
}
