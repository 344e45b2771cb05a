import type { Process } from "@change-mgmt/domain/process/process.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Page } from "../../output/page.ts";
import { oneLine } from "../../output/plain-text.ts";
import { table } from "../../output/table.ts";

export const command = defineCommand({
  about: "With --json the whole process: stages, form and decision tables.",
  arguments: [{ name: "name", about: "name of the process" }],
  examples: [
    "change-mgmt process show data-layer",
    "change-mgmt process show data-layer --json | jq .process.approvals",
  ],
  answers: "processes.get",
  parse: (given) => given.word("name"),
  run: async (context, name) =>
    answer(await context.client("processes.get", { params: { name } }), (clean, page) =>
      processLines(clean.process as unknown as Process, page),
    ),
});

async function processLines(process: Process, page: Page): Promise<string[]> {
  const { colours, signs } = page;
  return [
    `${colours.bold(process.name)} ${process.title}, version ${process.version}, owned by ${process.owner}`,
    oneLine(process.description),
    "",
    ...(await table(
      process.types,
      [
        { title: "type", cell: (row) => row.id },
        { title: "what", cell: (row) => row.description, gives: true },
      ],
      page,
    )),
    "",
    ...(await table(
      process.form.fields,
      [
        { title: "field", cell: (row) => row.id },
        { title: "kind", cell: (row) => row.kind },
        { title: "required", cell: (row) => (row.required === true ? "yes" : row.required ? "sometimes" : "") },
        { title: "help", cell: (row) => row.help, gives: true },
      ],
      page,
    )),
    "",
    ...process.stages.flatMap((stage) => [
      `${colours.bold(stage.id)}  ${stage.title}  ${colours.dim(`${stage.status} ${signs.arrow} ${stage.transitions.map(({ on, to }) => `${to} (${on})`).join(", ") || "the end"}`)}`,
      ...(stage.steps ?? []).map((step) => `  ${signs.open} ${step.title}  ${colours.dim(step.id)}`),
    ]),
  ];
}
