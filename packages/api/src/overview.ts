import { STATUSES } from "@change-mgmt/domain/change/status.ts";
import { z } from "zod";
import { ChangeSummary, Deployment } from "./changes.ts";

/** Something that one person could do now to move a change on. */
export const WaitingForMe = z
  .object({
    change: ChangeSummary,
    act: z
      .string()
      .describe("As among the acts of a change, such as vote or deploy:staging; sign-off for a waiting step"),
    reason: z.string().describe("Why it waits for this person, in a sentence"),
    deployment: z.string().nullable().describe("The deployment that waits, for sign-off"),
    dueAt: z.iso.datetime().nullable().describe("By when an approval has to be given, where it has a time limit"),
    since: z.iso.datetime().describe("When the change, or the step, was last touched"),
  })
  .meta({ id: "WaitingForMe" });

/** A deployment in short: everything but the output of its steps. */
export const DeploymentSummary = Deployment.omit({ steps: true, paused: true, onTarget: true, watch: true })
  .extend({
    title: z.string().describe("Title of the change"),
    stepsDone: z.number().int(),
    stepsInAll: z.number().int(),
    step: z
      .object({ id: z.string(), title: z.string(), state: z.string(), message: z.string().nullable() })
      .nullable()
      .describe("The step in hand, or the one it ended at; null before the first and after the last"),
  })
  .meta({ id: "DeploymentSummary" });

export const StageSummary = z
  .object({
    process: z.string(),
    stage: z.string(),
    title: z.string(),
    status: z.enum(STATUSES),
    count: z.number().int().describe("At most 1,000"),
    more: z.boolean().describe("Whether there are more than were counted"),
    changes: z.array(ChangeSummary).describe("The few touched last"),
  })
  .meta({ id: "StageSummary" });

/** What a person wants to know first: what waits for them, what runs, where everything is, what went wrong. */
export const Overview = z
  .object({
    waitingForMe: z.array(WaitingForMe),
    more: z.boolean().describe("Whether there are more active changes than were looked through"),
    running: z.array(DeploymentSummary),
    byStage: z.array(StageSummary).describe("Stages that hold an active change, in the order of their process"),
    troubles: z
      .array(DeploymentSummary)
      .describe("Deployments that failed or were stopped, and rollbacks, newest first"),
  })
  .meta({ id: "Overview" });
