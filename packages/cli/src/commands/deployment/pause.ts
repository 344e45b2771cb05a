import { deploymentPage } from "../../change/deployment-page.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about:
    "It ends between two steps, or between two batches of a backfill, and goes on exactly there with deployment resume. A single statement is not paused; deployment cancel ends it.",
  arguments: [{ name: "deployment", about: "id of the deployment" }],
  options: [{ flags: "--reason <text>", about: "why; it is shown to everybody and part of the audit trail" }],
  examples: ['change-mgmt deployment pause 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11 --reason="Rush hour"'],
  answers: "deployments.pause",
  parse: (given) => ({ id: given.word("deployment"), reason: given.required("reason") }),
  async run(context, { id, reason }) {
    const deployment = await context.client("deployments.pause", { params: { id }, body: { reason } });
    return answer(deployment, deploymentPage);
  },
});
