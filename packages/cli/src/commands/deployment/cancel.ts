import { deploymentPage } from "../../change/deployment-page.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about: "The step in hand is rolled back where it is transactional.",
  arguments: [{ name: "deployment", about: "id of the deployment" }],
  options: [{ flags: "--reason <text>", about: "why; it is part of the audit trail" }],
  examples: ['change-mgmt deployment cancel 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11 --reason="Wrong window"'],
  answers: "deployments.cancel",
  parse: (given) => ({ id: given.word("deployment"), reason: given.required("reason") }),
  async run(context, { id, reason }) {
    const deployment = await context.client("deployments.cancel", { params: { id }, body: { reason } });
    return answer(deployment, deploymentPage);
  },
});
