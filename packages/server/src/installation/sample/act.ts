import type { EndpointName, Endpoints } from "@change-mgmt/api/endpoints.ts";
import type { Status } from "@change-mgmt/domain/change/status.ts";
import type { z } from "zod";

/** What is asked of a change through the same handlers that HTTP uses. */
type ChangeAct = Extract<EndpointName, `changes.${string}`>;

type Body<N extends ChangeAct> = Endpoints[N] extends { readonly body: infer S extends z.ZodType }
  ? z.input<S>
  : undefined;

/** What has to be so before an act, brought about by the work in the background. */
export type Until =
  | { readonly status: Status }
  | { readonly environment: string; readonly state: "deployed" | "rolled-back" }
  /** Every migration was rehearsed, whatever came of it. */
  | { readonly rehearsed: true }
  /** The running deployment waits for this manual step. */
  | { readonly waitingFor: string };

/** One act of one sample person. */
export type SampleAct = {
  readonly [N in ChangeAct]: {
    /** Handle of a sample person; `ADMINISTRATOR` for whoever made the workspace. */
    readonly as: string;
    readonly act: N;
    readonly body: Body<N>;
    readonly step?: string;
    readonly after?: Until;
  };
}[ChangeAct];

/** The beginning of a story: the folder of a proposed change, and the name its migration has in its repository. */
export interface SampleStory {
  readonly id: string;
  /** Below `examples/shop/changes`. */
  readonly folder: string;
  readonly migration?: string;
  readonly requester: string;
  readonly acts: readonly SampleAct[];
  /** What the change comes to at the end, by the work in the background. */
  readonly end?: Until;
}

export const ADMINISTRATOR = "*administrator";

/** Submits a draft. */
export const submit = (as: string): SampleAct => ({ as, act: "changes.submit", body: {} });

/** Says what a change touches. */
export const assess = (as: string, impact: string): SampleAct => ({ as, act: "changes.assess", body: { impact } });

/** Completes a step of the checklist with a note. */
export const step = (as: string, id: string, note: string, after?: Until): SampleAct => ({
  as,
  act: "changes.completeStep",
  step: id,
  body: { evidence: [{ kind: "note", value: note }] },
  ...(after ? { after } : {}),
});

/** Links the reviewed pull request, once the change is in review. */
export const review = (as: string, pull: number): SampleAct => ({
  as,
  act: "changes.completeStep",
  step: "code-review",
  body: { evidence: [{ kind: "link", value: `https://git.example/shop/pull/${pull}` }] },
  after: { status: "awaiting_approval" },
});

/** Hands in a test run, once the rehearsal is done. */
export const tests = (as: string, commit: string, passed: number, after?: Until): SampleAct => ({
  as,
  act: "changes.report",
  body: { kind: "tests", commit, passed, failed: 0 },
  ...(after ? { after } : {}),
});

/** Votes on the content as it stands. */
export const vote = (as: string, decision: "approve" | "reject", comment: string): SampleAct => ({
  as,
  act: "changes.vote",
  body: { decision, comment, contentHash: "" },
});

/** Says something about a change. */
export const comment = (as: string, text: string): SampleAct => ({ as, act: "changes.comment", body: { text } });

/** Deploys to an environment, once the one before has it. */
export const deploy = (as: string, environment: string, after?: Until): SampleAct => ({
  as,
  act: "changes.deploy",
  body: { environment },
  ...(after ? { after } : {}),
});

/** Rolls an environment back. */
export const rollback = (as: string, environment: string, reason: string, after: Until): SampleAct => ({
  as,
  act: "changes.rollback",
  body: { environment, reason },
  after,
});

/** Signs a manual step off, once the deployment waits for it. */
export const signOff = (as: string, id: string, note: string): SampleAct => ({
  as,
  act: "changes.signOff",
  body: { step: id, note },
  after: { waitingFor: id },
});

/** Closes a change. */
export const close = (as: string, summary: string): SampleAct => ({ as, act: "changes.close", body: { summary } });
