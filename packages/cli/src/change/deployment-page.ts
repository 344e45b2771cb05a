import { progressText } from "@change-mgmt/domain/lifecycle/deployment/batch-progress.ts";
import type { Page } from "../output/page.ts";
import { oneLine } from "../output/plain-text.ts";
import { ago, span } from "../output/times.ts";
import type { Deployment } from "./change-types.ts";
import { watchLines } from "./watch-lines.ts";

type DeploymentStep = Deployment["steps"][number];

/** One line on a deployment: what, where, how it stands, who asked for it and when. */
export function deploymentHeadline(deployment: Deployment, page: Page): string {
  const { colours, signs } = page;
  const what = deployment.direction === "rollback" ? "rollback of" : "deployment of";
  const times =
    deployment.startedAt && deployment.finishedAt ? ` in ${span(deployment.startedAt, deployment.finishedAt)}` : "";
  const who = colours.dim(`asked for by ${deployment.requestedBy} ${ago(deployment.requestedAt, page.now)}`);
  return `${what} ${deployment.change} ${signs.arrow} ${colours.bold(deployment.environment)}: ${stateText(deployment.state, page)}${times}  ${who}`;
}

/** A deployment with its steps, what went wrong and in what state the target was left. */
export function deploymentPage(deployment: Deployment, page: Page): string[] {
  return [
    deploymentHeadline(deployment, page),
    ...deployment.steps.flatMap((step) => [
      `  ${stepLine(step, page)}`,
      ...step.output.map((line) => `      ${page.colours.dim(line)}`),
    ]),
    ...deploymentEnd(deployment, page),
    ...watchLines(deployment, page),
  ];
}

/** What a person needs to know after the steps: the refusal, the target's state, who must act. */
export function deploymentEnd(deployment: Deployment, page: Page): string[] {
  const { refusal, targetState, paused, id } = deployment;
  const { colours, signs } = page;
  return [
    ...(refusal
      ? [
          `${colours.red(`${signs.no} ${refusal.message}`)} ${colours.dim(`[${refusal.code}]`)}`,
          `  hint: ${refusal.hint}`,
        ]
      : []),
    ...(targetState ? [`target: ${targetState}`] : []),
    ...(paused
      ? [
          `paused by ${paused.by}: ${oneLine(paused.reason)} ${signs.arrow} change-mgmt deployment resume ${id}${isPaused(deployment) ? "" : colours.dim("  (it ends the step or batch in hand)")}`,
        ]
      : []),
    ...waitingSteps(deployment).map(
      (step) =>
        `waiting for a person: ${oneLine(step.title)} ${signs.arrow} change-mgmt sign-off ${deployment.change} ${step.id}`,
    ),
  ];
}

/** Steps of a waiting deployment that a person has to sign off. */
export function waitingSteps(deployment: Deployment): readonly DeploymentStep[] {
  return deployment.state === "waiting" ? deployment.steps.filter(({ state }) => state === "waiting") : [];
}

/** Whether a deployment has come to the pause that somebody wanted, and nobody works on it. */
export function isPaused({ paused, state }: Deployment): boolean {
  return paused !== null && state === "waiting";
}

/** A step on one line. */
export function stepLine(step: DeploymentStep, page: Page): string {
  const { colours, signs } = page;
  const mark = {
    done: colours.green(signs.yes),
    failed: colours.red(signs.no),
    running: colours.yellow(signs.arrow),
    waiting: colours.yellow(signs.waiting),
    pending: colours.dim(signs.open),
  }[step.state];
  const took = step.startedAt && step.finishedAt ? colours.dim(`  ${span(step.startedAt, step.finishedAt)}`) : "";
  const attempt = step.attempt > 1 ? colours.yellow(`  attempt ${step.attempt}`) : "";
  const far = step.progress ? `  ${progressText(step.progress)}` : "";
  const message = step.message ? `  ${colours.dim(oneLine(step.message))}` : "";
  return `${mark} ${oneLine(step.title)}${took}${attempt}${far}${message}`;
}

function stateText(state: Deployment["state"], { colours }: Page): string {
  if (state === "succeeded") return colours.green(state);
  return state === "failed" || state === "cancelled" ? colours.red(state) : colours.yellow(state);
}
