import { deploymentAnswer, watchDeployment } from "../../change/watch-deployment.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  arguments: [{ name: "deployment", about: "id of the deployment" }],
  options: [{ flags: "--watch", about: "follow it until it ends; Ctrl-C stops the watching only" }],
  examples: ["change-mgmt deployment show 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11 --watch"],
  answers: "deployments.get",
  parse: (given) => ({ id: given.word("deployment"), watch: given.flag("watch") }),
  async run(context, { id, watch }) {
    const deployment = await context.client("deployments.get", { params: { id } });
    return watch ? watchDeployment(context, deployment) : deploymentAnswer(deployment);
  },
});
