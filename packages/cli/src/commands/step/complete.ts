import { changeAnswer } from "../../change/change-answer.ts";
import { changeArgument } from "../../change/change-argument.ts";
import type { Evidence } from "../../change/change-types.ts";
import { defineCommand } from "../../command.ts";

const KINDS = ["note", "link", "report", "file"] as const;

export const command = defineCommand({
  about: "Each piece of evidence may be given several times. `change-mgmt show` lists the steps with their ids.",
  arguments: [changeArgument, { name: "step", about: "id of the step, as the checklist shows it" }],
  options: [
    { flags: "--note <text>", about: "evidence in words", repeatable: true },
    { flags: "--link <url>", about: "evidence at an address", repeatable: true },
    { flags: "--report <id>", about: "evidence in a report that was handed in", repeatable: true },
    { flags: "--file <id>", about: "evidence in a file that was handed in", repeatable: true },
    { flags: "--comment <text>", about: "what else is worth knowing" },
  ],
  examples: [
    'change-mgmt step complete CHG-12 write-migration --note="Reviewed with the bot team"',
    "change-mgmt step complete CHG-12 unit-tests --link=https://ci.example/runs/7 --json",
  ],
  answers: "changes.completeStep",
  parse: (given) => ({
    id: given.word("change"),
    stepId: given.word("step"),
    evidence: given.ordered.flatMap(([option, value]): Evidence[] => {
      const kind = KINDS.find((one) => one === option);
      return kind ? [{ kind, value }] : [];
    }),
    notes: given.text("comment"),
  }),
  async run(context, { id, stepId, evidence, notes }) {
    const change = await context.client("changes.completeStep", {
      params: { id, stepId },
      body: { evidence, ...(notes === undefined ? {} : { notes }) },
    });
    return changeAnswer(change, `step ${stepId} completed`);
  },
});
