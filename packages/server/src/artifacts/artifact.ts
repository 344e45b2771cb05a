import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import type { Outcome, Refusal } from "@change-mgmt/domain/change/refusal.ts";
import type { BatchProgress } from "@change-mgmt/domain/lifecycle/deployment/batch-progress.ts";
import type { TargetEnvironment, TargetSession } from "../assets/databases/target.ts";

/** A command of the workspace configuration that an external artifact may name; argv arrays, never a shell line. */
export interface ConfiguredCommand {
  readonly run: readonly string[];
  readonly verify?: readonly string[];
  readonly rollback?: readonly string[];
  readonly workingFolder?: string;
  readonly timeoutSeconds: number;
}

/** What a step is given while it runs. Steps are run again after a crash, so each must find out what is done already. */
export interface StepContext {
  readonly deploymentId: string;
  /** Grows each time a worker takes the deployment up again. */
  readonly attempt: number;
  readonly environment: TargetEnvironment;
  readonly change: { readonly id: string; readonly number: string; readonly title: string };
  readonly requestedBy: string;
  /** The one open session on the target, opened on first use and shared by the steps of a run. */
  target(): Promise<Outcome<TargetSession>>;
  readonly commands: Readonly<Record<string, ConfiguredCommand>>;
  /** Ids of manual steps that have been signed off for this deployment, with who did it. */
  readonly signOffs: Readonly<Record<string, { readonly by: string; readonly at: string; readonly note?: string }>>;
  /** Shows a line of progress to whoever watches; never secrets. */
  say(line: string): Promise<void>;
  /** Shows how far a long statement has come; kept until the next. */
  progress(progress: BatchProgress): Promise<void>;
  /** Whether somebody wants the deployment to pause; a step that can end in between does. */
  pauseWanted(): boolean;
  readonly now: () => Date;
  /** Aborted when the deployment is cancelled or the process stops. */
  readonly signal: AbortSignal;
  /** Outputs of earlier steps of this deployment, by step id. */
  readonly earlier: Readonly<Record<string, unknown>>;
}

/**
 * What became of a step. `paused`: it has ended in between, since that was wanted, and goes on there when it is run again. `failed.targetState` says in one sentence what state the target was left in.
 * `uncertain` is set where nobody can know it. `waiting` ends the run; it goes on when a sign-off arrives.
 */
export type StepResult =
  | { readonly state: "done"; readonly output?: unknown }
  | { readonly state: "waiting"; readonly message: string }
  | { readonly state: "paused" }
  | {
      readonly state: "failed";
      readonly refusal: Refusal;
      readonly targetState: string;
      readonly retryable: boolean;
      readonly uncertain?: true;
    };

/** One durable step: its id is unique within the deployment and stable over restarts. */
export interface PlannedStep {
  readonly id: string;
  readonly title: string;
  run(context: StepContext): Promise<StepResult>;
}

export type Direction = "deploy" | "rollback";

/** The four verbs every kind of artifact has; what a deployment of it does, as durable steps. */
export interface ArtifactKind<A extends Artifact = Artifact> {
  readonly kind: A["kind"];
  /** Prepare: says before anything is touched whether it can be deployed at all (statements parse, the command is configured …). */
  prepare(artifact: A, commands: Readonly<Record<string, ConfiguredCommand>>): Promise<Outcome<true>>;
  /** The steps that carry it out and verify it, or take it back and verify that. */
  plan(artifact: A, direction: Direction): Promise<Outcome<readonly PlannedStep[]>>;
}
