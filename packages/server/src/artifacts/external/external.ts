import type { ExternalArtifact } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { crossing } from "../../storage/crossing.ts";
import type { ArtifactKind, ConfiguredCommand, PlannedStep, StepContext, StepResult } from "../artifact.ts";
import { commandEnvironment, resolveArguments } from "./command-environment.ts";
import { type CommandEnd, runCommand } from "./run-command.ts";

type Part = "run" | "verify" | "rollback";

/**
 * Something another system carries out, by a command of the workspace configuration. A command cannot commit together with our
 * journal, so it runs at least once: after a crash it is run again with the same `CHANGE_MGMT_IDEMPOTENCY_KEY`, by which it
 * can know that it has done its work already.
 */
export const externalKind: ArtifactKind<ExternalArtifact> = {
  kind: "external",
  async prepare(artifact, commands) {
    const configured = find(artifact, commands);
    return configured.ok ? accept(true) : configured;
  },
  async plan(artifact, direction) {
    return accept(
      direction === "deploy"
        ? [step(artifact, "run", `Run ${artifact.name}`), step(artifact, "verify", `Verify ${artifact.name}`)]
        : [step(artifact, "rollback", `Take back ${artifact.name}`)],
    );
  },
};

function find(artifact: ExternalArtifact, commands: StepContext["commands"]): Outcome<ConfiguredCommand> {
  const configured = Object.hasOwn(commands, artifact.command) ? commands[artifact.command] : undefined;
  if (configured && configured.run.length > 0) return accept(configured);
  const known = Object.keys(commands);
  return refuse(
    "COMMAND_UNKNOWN",
    `The command "${artifact.command}" of "${artifact.name}" is not configured.`,
    known.length > 0 ? `Configured are: ${known.join(", ")}.` : "Define it under commands in change-mgmt.yaml.",
  );
}

function step(artifact: ExternalArtifact, part: Part, title: string): PlannedStep {
  return { id: `${artifact.id}:${part}`, title, run: (context) => runPart(artifact, part, context) };
}

async function runPart(artifact: ExternalArtifact, part: Part, context: StepContext): Promise<StepResult> {
  const configured = find(artifact, context.commands);
  if (!configured.ok) return notRun(configured.refusal);
  const argv = configured.value[part];
  if (argv === undefined || argv.length === 0) {
    if (part === "verify") return { state: "done", output: { skipped: "no verify command is configured" } };
    const { refusal } = refuse(
      "NO_ROLLBACK",
      `The command "${artifact.command}" has no rollback command.`,
      "Configure one, or take back by hand what the command did.",
    );
    return notRun(refusal);
  }
  const resolved = resolveArguments(argv, artifact.command);
  if (!resolved.ok) return notRun(resolved.refusal);
  const { timeoutSeconds, workingFolder } = configured.value;
  const command = {
    argv: [...resolved.value.argv, ...artifact.arguments],
    workingFolder,
    env: commandEnvironment(artifact, part === "rollback" ? "rollback" : "deploy", context),
    timeoutMs: timeoutSeconds * 1000,
    secrets: resolved.value.secrets,
  };
  const end = await crossing(`command.${part}`, () => runCommand(command, context.say, context.signal));
  if (end.how === "exited" && end.code === 0) return { state: "done", output: { exitCode: 0, output: end.output } };
  return failedCommand(artifact, part, end, timeoutSeconds);
}

function notRun(refusal: Refusal): StepResult {
  return { state: "failed", refusal, targetState: "The command was not run.", retryable: false };
}

function failedCommand(artifact: ExternalArtifact, part: Part, end: CommandEnd, timeoutSeconds: number): StepResult {
  const name = `The ${part} command of "${artifact.name}" (${artifact.command})`;
  const { code, message, hint } = explain(name, end, timeoutSeconds);
  const unknown =
    part === "verify"
      ? "The command ran; what it did could not be verified."
      : "What the command had done until then is not known here; the outside system has to be asked.";
  return {
    state: "failed",
    refusal: refuse(code, message, hint, {
      details: { ...(end.how === "exited" ? { exitCode: end.code } : {}), output: end.output },
    }).refusal,
    targetState: end.how === "not-started" ? "The command was not run." : unknown,
    retryable: end.how === "aborted",
  };
}

function explain(name: string, end: CommandEnd, seconds: number): { code: string; message: string; hint: string } {
  const look = "See its output for the cause.";
  const lastLine = end.output.trimEnd().split("\n").at(-1);
  const last = lastLine ? ` Its last line: ${lastLine.slice(0, 300)}` : "";
  switch (end.how) {
    case "exited":
      return { code: "COMMAND_FAILED", message: `${name} ended with code ${end.code}.${last}`, hint: look };
    case "killed":
      return { code: "COMMAND_FAILED", message: `${name} was ended by ${end.signal}.${last}`, hint: look };
    case "timed-out":
      return {
        code: "COMMAND_TIMED_OUT",
        message: `${name} was not done after ${seconds} seconds, and was ended with all it had started.${last}`,
        hint: "Raise its time limit in the configuration, or find out what it waits for.",
      };
    case "aborted":
      return {
        code: "DEPLOYMENT_CANCELLED",
        message: `${name} was ended because the deployment was cancelled or the worker was stopped.`,
        hint: "Start it again when it is wanted.",
      };
    case "not-started":
      return {
        code: "COMMAND_NOT_STARTED",
        message: `${name} could not be started: ${end.reason}.`,
        hint: "See that the program is installed where the worker runs, and that the working folder exists.",
      };
  }
}
