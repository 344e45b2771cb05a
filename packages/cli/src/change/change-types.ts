import type { CallInput, CallOutput } from "@change-mgmt/api/client.ts";

export type Change = CallOutput<"changes.get">;
export type ChangeSummary = CallOutput<"changes.list">["items"][number];
export type Deployment = CallOutput<"deployments.get">;
export type Validation = CallOutput<"changes.validation">;
export type OnTarget = Validation["targets"][number];
export type Comment = CallOutput<"changes.comment">;
export type Attachment = CallOutput<"changes.attach">;
export type Step = Change["steps"][number];
export type Explanation = Change["approvals"][number]["explanation"];
/** An artifact as it is sent; defaults may be left out. */
export type Artifact = NonNullable<CallInput<"changes.create">["body"]["artifacts"]>[number];
export type Evidence = NonNullable<CallInput<"changes.completeStep">["body"]["evidence"]>[number];
