import { deploymentPage } from "../../change/deployment-page.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about: "A backfill goes on with the batch after the last that was committed.",
  arguments: [{ name: "deployment", about: "id of the deployment" }],
  examples: ["change-mgmt deployment resume 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11"],
  answers: "deployments.resume",
  parse: (given) => ({ id: given.word("deployment") }),
  async run(context, { id }) {
    return answer(await context.client("deployments.resume", { params: { id } }), deploymentPage);
  },
});
