import { changeArgument } from "../change/change-argument.ts";
import { deploymentAnswer, watchDeployment } from "../change/watch-deployment.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  about: "Waits until it ends and shows every step on the way. Ctrl-C stops the watching, not the rollback.",
  arguments: [changeArgument],
  options: [
    { flags: "--environment <name>", about: "where" },
    { flags: "--reason <text>", about: "why; it is part of the audit trail" },
    { flags: "--no-wait", about: "answer at once; the work goes on in the background" },
  ],
  examples: ['change-mgmt rollback CHG-12 --environment=staging --reason="Error rate above 5 %"'],
  answers: "changes.rollback",
  parse: (given) => ({
    id: given.word("change"),
    body: { environment: given.required("environment"), reason: given.required("reason") },
    wait: given.flag("wait"),
  }),
  async run(context, { id, body, wait }) {
    const deployment = await context.client("changes.rollback", { params: { id }, body });
    return wait ? watchDeployment(context, deployment) : deploymentAnswer(deployment);
  },
});
