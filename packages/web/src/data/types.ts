import type { CallOutput } from "@change-mgmt/api/client.ts";

export type Change = CallOutput<"changes.get">;
export type ChangeSummary = CallOutput<"changes.list">["items"][number];
export type Act = Change["acts"][number];
export type Artifact = Change["artifacts"][number];
export type Step = Change["steps"][number];
export type Vote = Change["votes"][number];
export type Explanation = Change["approvals"][number]["explanation"];
export type Comment = CallOutput<"changes.comments">["items"][number];
export type Validation = CallOutput<"changes.validation">;
export type Rehearsal = Validation["rehearsals"][number];
export type Deployment = CallOutput<"deployments.get">;
export type Environment = CallOutput<"environments.list">["items"][number];
export type User = CallOutput<"users.list">["items"][number];
export type Team = CallOutput<"teams.list">["items"][number];
export type Me = CallOutput<"me">;
export type AuditRecord = CallOutput<"audit.list">["items"][number];
