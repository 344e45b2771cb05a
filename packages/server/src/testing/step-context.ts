import { randomUUID } from "node:crypto";
import { type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { BatchProgress } from "@change-mgmt/domain/lifecycle/deployment/batch-progress.ts";
import type { PlannedStep, StepContext, StepResult } from "../artifacts/artifact.ts";
import type { TargetEnvironment, TargetSession, Targets } from "../assets/databases/target.ts";

/** An environment on `database` that waits half a second for a lock and tries twice more. */
export function anEnvironment(database: string, with_: Partial<TargetEnvironment> = {}): TargetEnvironment {
  return { name: "staging", database, lockTimeoutMs: 500, statementTimeoutMs: 0, retries: 2, ...with_ };
}

/** A context for steps outside a runner; its session is opened on first use and closed by `close`. `said` collects progress. */
export interface TestContext extends StepContext {
  readonly said: string[];
  /** Progress of statements that go through a table in batches. */
  readonly shown: BatchProgress[];
  close(): Promise<void>;
}

const noTarget = async () => refuse("TARGET_UNREACHABLE", "No target here.", "Give one.");
/** Targets of which none can be reached. */
export const nowhere: Targets = { open: noTarget, remove: noTarget };

/** Makes a context; every one is a new deployment of the same change unless told otherwise. */
export function aStepContext(
  environment: TargetEnvironment = anEnvironment("embedded:none"),
  targets: Targets = nowhere,
  with_: Partial<StepContext> = {},
): TestContext {
  let session: Promise<Outcome<TargetSession>> | null = null;
  const said: string[] = [];
  const shown: BatchProgress[] = [];
  return {
    deploymentId: randomUUID(),
    attempt: 1,
    environment,
    change: { id: "change-1", number: "CHG-1", title: "Add nicknames" },
    requestedBy: "rosa",
    target: () => {
      session ??= targets.open(environment);
      return session;
    },
    commands: {},
    signOffs: {},
    say: async (line) => void said.push(line),
    progress: async (progress) => void shown.push(progress),
    pauseWanted: () => false,
    now: () => new Date(),
    signal: new AbortController().signal,
    earlier: {},
    ...with_,
    said,
    shown,
    async close() {
      const opened = await session;
      session = null;
      if (opened?.ok) await opened.value.close();
    },
  };
}

/** Runs steps in order up to the first that is not done; gives the result of the last one run. */
export async function runSteps(steps: readonly PlannedStep[], context: StepContext): Promise<StepResult> {
  let result: StepResult = { state: "done" };
  for (const step of steps) {
    result = await step.run(context);
    if (result.state !== "done") return result;
  }
  return result;
}

/** The value of an outcome that must not be a refusal. */
export function accepted<T>(outcome: Outcome<T>): T {
  return outcome.ok ? outcome.value : fail(`${outcome.refusal.code}: ${outcome.refusal.message}`);
}

function fail(message: string): never {
  throw new Error(message);
}
