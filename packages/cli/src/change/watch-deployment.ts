import { stripVTControlCharacters } from "node:util";
import { type Answer, answer } from "../command.ts";
import type { Context } from "../context.ts";
import { plain } from "../output/plain-text.ts";
import { Stop } from "../stop.ts";
import type { Deployment } from "./change-types.ts";
import {
  deploymentEnd,
  deploymentHeadline,
  deploymentPage,
  isPaused,
  stepLine,
  waitingSteps,
} from "./deployment-page.ts";

const ENDED = new Set<Deployment["state"]>(["succeeded", "failed", "cancelled"]);
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 2000;
const PATIENCE = 5;

/**
 * Follows a deployment until it ends, showing steps and their output on stderr. Ctrl-C stops the watching only. A deployment
 * that waits for a person is watched on only where a person sees it.
 */
export async function watchDeployment(context: Context, first: Deployment): Promise<Answer> {
  const show = progress(context);
  const interrupted = context.interrupted();
  let deployment = first;
  show.update(deployment);
  for (let pause = FIRST_PAUSE; !ENDED.has(deployment.state); pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const needsSomebody = waitingSteps(deployment).length > 0 || isPaused(deployment);
    if (needsSomebody && !context.isTerminal) break;
    await context.pause(pause, interrupted);
    if (interrupted.aborted) {
      show.end();
      throw stoppedWatching(deployment);
    }
    const news = await fetchPatiently(context, deployment, interrupted);
    if (changed(deployment, news)) pause = FIRST_PAUSE;
    deployment = news;
    show.update(deployment);
  }
  show.end();
  return deploymentAnswer(deployment, true);
}

/** The answer of a command that started or looked at a deployment; exit code 1 when it failed or was stopped. */
export function deploymentAnswer(deployment: Deployment, watched = false): Answer {
  const bad = deployment.state === "failed" || deployment.state === "cancelled";
  return answer(
    deployment,
    (clean, page) =>
      watched ? [deploymentHeadline(clean, page), ...deploymentEnd(clean, page)] : deploymentPage(clean, page),
    bad ? 1 : 0,
  );
}

async function fetchPatiently(context: Context, { id, change }: Deployment, signal: AbortSignal): Promise<Deployment> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await context.client("deployments.get", { params: { id } });
    } catch (error) {
      const lost = error instanceof Stop && error.trouble.code === "SERVER_UNREACHABLE";
      if (!lost) throw error;
      if (attempt < PATIENCE && !signal.aborted) {
        await context.pause(LONGEST_PAUSE, signal);
        continue;
      }
      throw new Stop(3, {
        ...error.trouble,
        detail: `${error.message} The deployment itself is the server's work and is not stopped by this.`,
        hint: `Look again with: change-mgmt deployment show ${id} --watch (of ${change}).`,
      });
    }
  }
}

function stoppedWatching({ id, change, environment }: Deployment): Stop {
  return new Stop(130, {
    code: "STOPPED_WATCHING",
    detail: `Stopped watching. The deployment of ${change} to ${environment} goes on.`,
    hint: `Watch again with: change-mgmt deployment show ${id} --watch. Stop it with: change-mgmt deployment cancel ${id} --reason="…".`,
  });
}

function changed(before: Deployment, after: Deployment): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

/** Says each step once when it ends and each line of output once; on a terminal the step in hand stands on the last line. */
function progress(context: Context) {
  const { page, stderr } = context;
  const said = new Map<string, { lines: number; ended: string; attempt: number }>();
  let transient = false;
  const wipe = () => {
    if (transient) stderr.write("\r\u001b[K");
    transient = false;
  };
  return {
    update(deployment: Deployment) {
      wipe();
      for (const step of plain(deployment).steps) {
        const before = said.get(step.id) ?? { lines: 0, ended: "", attempt: 1 };
        // A new attempt may begin its output afresh.
        const from = step.output.length < before.lines ? 0 : before.lines;
        for (const line of step.output.slice(from)) context.say(`    ${page.colours.dim(line)}`);
        const ended =
          step.state === "done" || step.state === "failed" || step.state === "waiting"
            ? `${step.state} ${step.attempt}`
            : "";
        if (!ended && step.attempt > before.attempt) context.say(`  ${stepLine(step, page)}`);
        if (ended && ended !== before.ended) context.say(`  ${stepLine(step, page)}`);
        said.set(step.id, { lines: step.output.length, ended: ended || before.ended, attempt: step.attempt });
      }
      const running = plain(deployment).steps.find(({ state }) => state === "running");
      if (!context.isTerminal || ENDED.has(deployment.state)) return;
      const line = running ? stepLine(running, page) : `${page.signs.waiting} ${deployment.state}`;
      stderr.write(`  ${fitting(line, (page.columns ?? 80) - 3)}`);
      transient = true;
    },
    end: wipe,
  };
}

/** A line that wraps could not be wiped, so one that is too long loses its colours and its end. */
function fitting(line: string, width: number): string {
  const bare = [...stripVTControlCharacters(line)];
  return bare.length <= width ? line : bare.slice(0, width).join("");
}
