import { attachFiles } from "../../change/attach-files.ts";
import { changeAnswer } from "../../change/change-answer.ts";
import { changeArgument } from "../../change/change-argument.ts";
import type { Evidence } from "../../change/change-types.ts";
import { defineCommand } from "../../command.ts";

const KINDS = ["note", "link", "report"] as const;

export const command = defineCommand({
  about: "Each piece of evidence may be given several times. `change-mgmt show` lists the steps with their ids.",
  arguments: [changeArgument, { name: "step", about: "id of the step, as the checklist shows it" }],
  options: [
    { flags: "--note <text>", about: "evidence in words", repeatable: true },
    { flags: "--link <url>", about: "evidence at an address", repeatable: true },
    { flags: "--report <id>", about: "evidence in a report that was handed in", repeatable: true },
    { flags: "--attach <path>", about: "evidence in a file, which is attached first", repeatable: true },
    { flags: "--file <attachment>", about: "evidence in a file that is attached already, by its id", repeatable: true },
    { flags: "--comment <text>", about: "what else is worth knowing" },
  ],
  examples: [
    'change-mgmt step complete CHG-12 write-migration --note="Reviewed with the bot team"',
    "change-mgmt step complete CHG-12 automated-tests --attach=junit.xml --note=Green",
    "change-mgmt step complete CHG-12 unit-tests --link=https://ci.example/runs/7 --json",
  ],
  answers: "changes.completeStep",
  parse: (given) => ({
    id: given.word("change"),
    stepId: given.word("step"),
    evidence: given.ordered.flatMap(([option, value]): Evidence[] => {
      if (option === "file") return [{ kind: "file", attachment: value }];
      const kind = KINDS.find((one) => one === option);
      return kind ? [{ kind, value }] : [];
    }),
    files: given.list("attach"),
    notes: given.text("comment"),
  }),
  async run(context, { id, stepId, evidence: said, files, notes }) {
    // A step that was refused may be tried again: its files are there by then.
    const attached = files.length > 0 ? await attachFiles(context, id, files, { again: true }) : [];
    const evidence = [...said, ...attached.map((one): Evidence => ({ kind: "file", attachment: one.id }))];
    const change = await context.client("changes.completeStep", {
      params: { id, stepId },
      body: { evidence, ...(notes === undefined ? {} : { notes }) },
    });
    return changeAnswer(change, `step ${stepId} completed`);
  },
});
