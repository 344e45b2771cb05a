import { changeArgument } from "../change/change-argument.ts";
import { onTargetLines } from "../change/on-target-lines.ts";
import { deploymentAnswer, watchDeployment } from "../change/watch-deployment.ts";
import { answer, defineCommand } from "../command.ts";
import { oneLine } from "../output/plain-text.ts";
import { usage } from "../stop.ts";

export const command = defineCommand({
  about:
    "Waits until it ends and shows every step on the way. Ctrl-C stops the watching, not the deployment. Exit code 1 when it is refused or fails.",
  arguments: [changeArgument, { name: "environment", about: "where to; or --environment", optional: true }],
  options: [
    { flags: "--environment <name>", about: "where to" },
    { flags: "--dry-run", about: "only say whether the gates are open, and what the target says it would cost now" },
    { flags: "--no-wait", about: "answer at once; the work goes on in the background" },
  ],
  examples: [
    "change-mgmt deploy CHG-12 --environment=staging",
    "change-mgmt deploy CHG-12 --environment=production --dry-run",
    "change-mgmt deploy CHG-12 staging --no-wait --json",
  ],
  answers: "changes.deploy",
  parse(given) {
    const [named, word] = [given.text("environment"), given.optionalWord("environment")];
    if (named !== undefined && word !== undefined && named !== word)
      throw usage(`Both "${named}" and "${word}" are named as the environment.`, "Name one.");
    const environment = named ?? word;
    if (!environment)
      throw usage("--environment is missing.", "Say where to deploy; change-mgmt environment list names them.");
    return { id: given.word("change"), environment, dryRun: given.flag("dryRun"), wait: given.flag("wait") };
  },
  async run(context, { id, environment, dryRun, wait }) {
    const body = { environment, dryRun };
    const deployment = await context.client("changes.deploy", { params: { id }, body });
    if (dryRun)
      return answer(deployment, (clean, page) => [
        `${page.signs.yes} The gates are open: ${clean.change} may be deployed to ${clean.environment}. Nothing was done.`,
        ...clean.steps.map((step) => `  ${page.signs.open} ${oneLine(step.title)}`),
        ...(clean.onTarget ? onTargetLines(clean.onTarget, page) : []),
      ]);
    return wait ? watchDeployment(context, deployment) : deploymentAnswer(deployment);
  },
});
