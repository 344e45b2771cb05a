import { deploymentPage } from "../../change/deployment-page.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about:
    "A deployment is watched by the rollback triggers of its process. Whoever ends that before its time, or where something could not be measured, answers for it with a reason.",
  arguments: [{ name: "deployment", about: "id of the deployment" }],
  options: [{ flags: "--reason <text>", about: "why; it is shown to everybody and part of the audit trail" }],
  examples: ['change-mgmt deployment end-watch 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11 --reason="Looked at by hand"'],
  answers: "deployments.endWatch",
  parse: (given) => ({ id: given.word("deployment"), reason: given.required("reason") }),
  async run(context, { id, reason }) {
    const deployment = await context.client("deployments.endWatch", { params: { id }, body: { reason } });
    return answer(deployment, deploymentPage);
  },
});
