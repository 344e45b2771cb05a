import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import type { WatchPlan } from "@change-mgmt/domain/lifecycle/monitoring/watch.ts";
import type { ConfiguredCommand, Direction } from "../../artifacts/artifact.ts";
import type { TargetEnvironment } from "../../assets/databases/target.ts";

/** What a deployment carries out, fixed when it is requested: nothing that is edited or imported later changes it. */
export interface DeploymentPlan {
  readonly change: { readonly id: string; readonly number: string; readonly title: string };
  readonly direction: Direction;
  readonly environment: TargetEnvironment;
  /** In the order they are carried out; reversed already for a rollback. */
  readonly artifacts: readonly Artifact[];
  readonly commands: Readonly<Record<string, ConfiguredCommand>>;
  /** For a rollback: the deployment it takes back, the first one where several continued each other. */
  readonly of: string | null;
  /** What is to be watched after it, as the process asked when it was requested. */
  readonly watch?: WatchPlan;
  /** For a deployment to an environment where an earlier one of the change has failed half-way: the first of those it continues. */
  readonly continues?: string;
}
