import { STATUSES } from "@change-mgmt/domain/change/status.ts";
import { PLACES } from "@change-mgmt/domain/search/parts.ts";
import { z } from "zod";
import { CitedFile } from "./attachments.ts";
import { OnTarget } from "./on-target.ts";

const time = z.iso.datetime().describe("RFC 3339, UTC");
const handle = z.string().min(1).max(100).describe("A person's handle");
const sqlText = z.string().min(1).max(2_000_000);

export const Artifact = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("migration"),
      id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/),
      name: z.string().min(1).max(200).describe("The file name it has in its repository"),
      up: sqlText,
      down: sqlText.nullable(),
      transactional: z.boolean().default(true),
      tool: z
        .enum(["supabase", "prisma", "goose", "flyway", "dbmate", "golang-migrate"])
        .optional()
        .describe("The repository's own migration tool, whose ledger a deployment keeps along with ours"),
    }),
    z.object({
      kind: z.literal("external"),
      id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/),
      name: z.string().min(1).max(200),
      command: z.string().min(1).max(100).describe("Name of a command in the workspace configuration"),
      arguments: z.array(z.string().max(1000)).max(50).default([]),
    }),
    z.object({
      kind: z.literal("manual"),
      id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/),
      name: z.string().min(1).max(200),
      steps: z
        .array(
          z.object({
            id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/),
            title: z.string().min(1).max(500),
            undo: z.string().min(1).max(500),
          }),
        )
        .min(1)
        .max(50),
    }),
  ])
  .meta({ id: "Artifact" });

/** A new change. `fields` are the process's form fields; title, description, type and priority are among them. */
export const CreateChange = z
  .object({
    process: z.string().min(1).max(100).optional().describe("Left out: the workspace's default process"),
    fields: z.record(z.string(), z.unknown()),
    artifacts: z.array(Artifact).max(50).default([]),
    submit: z.boolean().default(false).describe("Submit at once instead of keeping a draft"),
  })
  .meta({ id: "CreateChange" });

export const EditChange = z
  .object({
    fields: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("Only the fields that change; null takes a value away"),
    artifacts: z.array(Artifact).max(50).optional().describe("The whole new list"),
    assignee: handle.nullable().optional(),
  })
  .meta({ id: "EditChange" });

export const Evidence = z
  .object({
    kind: z.enum(["note", "link", "report", "file"]),
    value: z.string().max(10_000),
    title: z.string().max(200).optional(),
    file: CitedFile.optional().describe("The attachment that it is, as it was when it was given"),
  })
  .meta({ id: "Evidence" });

/** Evidence as it is given: a value, or a file or report that is attached to the change. */
export const GivenEvidence = z
  .object({
    kind: z.enum(["note", "link", "report", "file"]),
    value: z.string().min(1).max(10_000).optional().describe("May be left out where an attachment is named"),
    title: z.string().max(200).optional(),
    attachment: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe("Id of an attachment of this change; for file and report"),
  })
  .refine(({ value, attachment }) => value !== undefined || attachment !== undefined, "Give a value or an attachment")
  .refine(({ kind, attachment }) => attachment === undefined || kind === "file" || kind === "report", {
    message: "Only a file or a report can be an attachment",
    path: ["attachment"],
  })
  .meta({ id: "GivenEvidence" });

export const Step = z
  .object({
    id: z.string(),
    stage: z.string(),
    title: z.string(),
    evidenceNeeded: z.array(z.string()),
    by: z.array(z.string()),
    positions: z.array(z.string()).optional(),
    automatic: z.boolean(),
    added: z.boolean(),
    completed: z.object({ at: time, by: handle, evidence: z.array(Evidence), notes: z.string().optional() }).optional(),
  })
  .meta({ id: "Step" });

export const Vote = z
  .object({
    id: z.string(),
    requirement: z.string(),
    environment: z.string().optional(),
    voter: handle,
    for: handle.optional().describe("Whose vote it is, where a stand-in cast it"),
    decision: z.enum(["approve", "reject", "abstain"]),
    comment: z.string().optional(),
    contentHash: z.string(),
    at: time,
    meeting: z
      .object({ id: z.string(), present: z.array(handle).describe("Members of the board who were heard there then") })
      .optional()
      .describe("The meeting it was cast in"),
    withdrawn: z.object({ at: time, by: handle }).optional(),
  })
  .meta({ id: "Vote" });

export const ScheduledDeployment = z
  .object({
    environment: z.string(),
    at: time,
    by: handle,
    state: z.enum(["waiting", "begun", "refused"]),
    code: z.string().nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: "ScheduledDeployment" });

/** By when an approval that is still missing has to be given. */
export const ApprovalDeadline = z
  .object({
    requirement: z.string(),
    title: z.string(),
    environments: z.array(z.string()),
    askedAt: time,
    dueAt: time,
    overdue: z.boolean(),
    escalateTo: z.string().nullable().describe("The position that hears of it when it is late"),
  })
  .meta({ id: "ApprovalDeadline" });

export const Recusal = z.object({ person: handle, reason: z.string(), at: time }).meta({ id: "Recusal" });

export type Explanation = {
  id: string;
  title: string;
  met: boolean;
  reason: string;
  couldBeGivenBy?: readonly string[] | undefined;
  children: readonly Explanation[];
};

/** The tree by which a decision explains itself. */
export const Explanation: z.ZodType<Explanation> = z
  .object({
    id: z.string(),
    title: z.string(),
    met: z.boolean(),
    reason: z.string(),
    couldBeGivenBy: z.array(z.string()).optional(),
    get children() {
      return z.array(Explanation);
    },
  })
  .meta({ id: "Explanation" });

export const DeploymentState = z.enum(["requested", "running", "waiting", "succeeded", "failed", "cancelled"]);

/** What rollback triggers look at after a deployment, each as it was judged last. */
export const Watch = z
  .object({
    state: z
      .enum(["watching", "held", "asking", "triggered", "rolling-back", "passed", "ended"])
      .describe(
        "held: something cannot be measured; asking: set off, and people decide; triggered: set off, to be rolled back; the last three are over",
      ),
    until: time,
    intervalSeconds: z.number().int(),
    failures: z.number().int().describe("So many of one trigger in a row set it off"),
    response: z.enum(["roll-back", "ask"]).describe("What follows then"),
    evaluations: z.number().int(),
    nextAt: time.nullable().describe("Null: it is over"),
    checks: z.array(
      z.object({
        trigger: z.string(),
        title: z.string(),
        failures: z.number().int().describe("Since it last passed"),
        result: z.enum(["pass", "fail", "inconclusive"]).nullable().describe("Null: not looked at yet"),
        value: z.number().nullable(),
        words: z.string().nullable(),
        at: time.nullable(),
      }),
    ),
    unmeasured: z.array(z.string()).describe("Triggers that nothing measures in this environment"),
    refusal: z
      .object({ code: z.string(), message: z.string(), hint: z.string() })
      .nullable()
      .describe("Why a rollback that was set off could not begin yet"),
    endedBy: handle.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: "Watch" });

export const Deployment = z
  .object({
    id: z.string(),
    change: z.string().describe("Number of the change"),
    environment: z.string(),
    direction: z.enum(["deploy", "rollback"]),
    state: DeploymentState,
    attempt: z.number().int().describe("In which try; going on after a sign-off is none of its own"),
    requestedBy: handle,
    requestedAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    paused: z
      .object({ by: handle, reason: z.string(), at: time })
      .nullable()
      .describe(
        "Who wants it to pause; it does between two steps, or two batches of one, and is in state waiting then",
      ),
    targetState: z.string().nullable().describe("What state the target was left in"),
    refusal: z.object({ code: z.string(), message: z.string(), hint: z.string() }).loose().nullable(),
    steps: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        state: z.enum(["pending", "running", "waiting", "done", "failed"]),
        attempt: z
          .number()
          .int()
          .describe("In which try: more than 1 where it was cut off or failed and was tried again"),
        startedAt: time.nullable(),
        finishedAt: time.nullable(),
        message: z.string().nullable(),
        progress: z
          .object({
            done: z.number().describe("Rows that were gone through"),
            about: z.number().nullable().describe("Of about so many, by the statistics of the target"),
            written: z.number(),
            perSecond: z.number().nullable(),
            secondsLeft: z.number().nullable(),
          })
          .nullable()
          .describe("Of a statement that goes through a table in batches; null where nobody knows"),
        output: z.array(z.string()).describe("Lines of progress as they came"),
      }),
    ),
    watch: Watch.nullable()
      .optional()
      .describe("Of a deployment that succeeded, where the process has rollback triggers"),
    onTarget: OnTarget.nullable()
      .optional()
      .describe("Of a dry run: what the rehearsed migrations come to on the target now; null where none was rehearsed"),
  })
  .meta({ id: "Deployment" });

export const EnvironmentState = z
  .object({
    environment: z.string(),
    state: z.enum(["not-deployed", "deploying", "deployed", "failed", "rolling-back", "rolled-back"]),
    deployment: z.string().nullable(),
    at: time.nullable(),
  })
  .meta({ id: "EnvironmentState" });

/** Why a change was found: a piece of its text with what was looked for marked. */
export const Match = z
  .object({
    place: z.enum(PLACES).describe("Where in the change it stands; sql is a migration's up or down"),
    name: z.string().nullable().describe("The form field, the author of the comment, or the artifact"),
    line: z.number().int().min(1),
    text: z.string(),
    marks: z
      .array(z.tuple([z.number().int(), z.number().int()]).readonly())
      .readonly()
      .describe("From and to in `text`, in UTF-16 code units"),
  })
  .meta({ id: "Match" });

export const ChangeSummary = z
  .object({
    id: z.string(),
    number: z.string(),
    process: z.string(),
    title: z.string(),
    type: z.string(),
    priority: z.string(),
    status: z.enum(STATUSES),
    stage: z.string(),
    stageTitle: z.string(),
    team: z.string().nullable(),
    requester: handle,
    assignee: handle.nullable(),
    breaking: z.boolean(),
    version: z.number().int(),
    createdAt: time,
    updatedAt: time,
    match: Match.nullable()
      .optional()
      .describe("Only in answer to a search; null where it named only what must not be there"),
  })
  .meta({ id: "ChangeSummary" });

export const Act = z
  .object({
    act: z.string(),
    allowed: z.boolean(),
    code: z.string().optional(),
    reason: z.string().optional().describe("Why not, in the words of the rule"),
    hint: z.string().optional(),
    deployment: z.string().optional().describe("Id of the deployment that stands in the way"),
  })
  .meta({ id: "Act" });

export const Rehearsal = z
  .object({
    artifact: z.string(),
    outcome: z.enum(["passed", "failed", "not-rehearsable"]),
    report: z.record(z.string(), z.unknown()),
    at: time,
  })
  .meta({ id: "Rehearsal" });

export const Change = ChangeSummary.extend({
  description: z.string(),
  processVersion: z.number().int(),
  processHash: z.string(),
  fields: z.record(z.string(), z.unknown()),
  artifacts: z.array(Artifact),
  environments: z.array(EnvironmentState),
  contentHash: z.string(),
  assessment: z
    .object({
      impact: z.string(),
      breaking: z.boolean(),
      complexity: z.enum(["low", "medium", "high"]),
      dependencies: z.array(z.string()),
      by: handle,
      at: time,
    })
    .nullable(),
  steps: z.array(Step),
  votes: z.array(Vote),
  recusals: z.array(Recusal).describe("Who keeps out of every decision for a conflict of interest"),
  mayVoteFor: z
    .array(handle)
    .describe("Whose vote the asking person could cast now: their own, or one they stand in for"),
  scheduled: z
    .array(ScheduledDeployment)
    .describe("Deployments that begin by themselves, and those that were refused when they should have"),
  deadlines: z
    .array(ApprovalDeadline)
    .describe("Approvals with a time limit that it waits for now, the next to be due first"),
  approvals: z.array(z.object({ environment: z.string(), met: z.boolean(), explanation: Explanation })),
  acts: z.array(Act).describe("What the asking person may do now, and why not"),
  facts: z.record(z.string(), z.unknown()),
  rollbackProcedure: z.array(z.string()),
}).meta({ id: "Change" });

export const CommentEntry = z
  .object({ id: z.string(), author: handle, text: z.string(), at: time, files: z.array(CitedFile) })
  .meta({ id: "Comment" });

export const ValidationCheck = z
  .object({
    id: z.string(),
    title: z.string(),
    result: z.enum(["passed", "failed", "inconclusive", "not-applicable"]),
    message: z.string(),
    hint: z.string().optional(),
  })
  .meta({ id: "ValidationCheck" });

export const Validation = z
  .object({
    change: z.string(),
    contentHash: z.string(),
    result: z.enum(["passed", "failed", "inconclusive"]),
    checks: z.array(ValidationCheck),
    rehearsals: z.array(Rehearsal),
    targets: z
      .array(OnTarget)
      .describe("What they come to in each environment on a server, by its statistics when they were rehearsed"),
    at: time.nullable(),
  })
  .meta({ id: "Validation" });

export const ListChanges = z.object({
  status: z.string().optional().describe("One or several statuses, separated by commas"),
  type: z.string().optional(),
  team: z.string().optional(),
  component: z.string().optional(),
  requester: z.string().optional(),
  assignee: z.string().optional(),
  q: z
    .string()
    .optional()
    .describe(
      'Words that stand in the number, title, description, fields, comments, artifacts or SQL, each at least as the beginning of a word; "in quotes" as they stand, -word must not be there. Of many words the first 16 count',
    ),
  order: z.enum(["newest", "oldest"]).default("newest").describe("By the time of creation"),
  active: z.stringbool().optional().describe("Only changes that are not closed, cancelled or rejected"),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const Submit = z.object({}).meta({ id: "Submit" });
export const Assess = z
  .object({
    impact: z.string().min(1).max(20_000),
    breaking: z.boolean().optional().describe("May raise what the facts say, never lower it"),
    complexity: z.enum(["low", "medium", "high"]).optional(),
    dependencies: z.array(z.string().max(100)).max(100).optional(),
  })
  .meta({ id: "Assess" });
export const CompleteStep = z
  .object({ evidence: z.array(GivenEvidence).max(50).default([]), notes: z.string().max(10_000).optional() })
  .meta({ id: "CompleteStep" });
export const AddStep = z
  .object({ title: z.string().min(1).max(500), stage: z.string().optional().describe("Left out: the current stage") })
  .meta({ id: "AddStep" });
export const CastVote = z
  .object({
    decision: z.enum(["approve", "reject", "abstain"]),
    comment: z.string().max(10_000).optional(),
    requirement: z.string().max(100).optional(),
    environment: z.string().max(100).optional(),
    for: z.string().max(100).optional().describe("Whose vote it is, where the voter stands in for them"),
    meeting: z.string().max(100).optional().describe("The open meeting it is cast in, by somebody who is there"),
    contentHash: z.string().min(1).max(100).describe("Of the content that was looked at"),
  })
  .meta({ id: "CastVote" });
export const Withdraw = z
  .object({ requirement: z.string().max(100).optional().describe("Left out: every vote and the recusal") })
  .meta({ id: "Withdraw" });
export const Deploy = z
  .object({
    environment: z.string().min(1).max(100),
    dryRun: z
      .boolean()
      .default(false)
      .describe("Only says whether the gates are open, and what it would cost on the target now, by its statistics"),
  })
  .meta({ id: "Deploy" });
export const ConflictQuestion = z.object({
  environment: z.string().min(1).max(100),
  at: z.iso.datetime({ offset: true }),
});
export const Conflict = z
  .object({
    kind: z.enum(["not-possible", "environment", "table", "component"]),
    message: z.string(),
    hint: z.string().optional(),
    change: z.string().optional().describe("Number of the other change"),
  })
  .meta({ id: "Conflict" });
export const Schedule = z
  .object({
    environment: z.string().min(1).max(100),
    at: z.iso.datetime({ offset: true }).describe("When it begins by itself, in the name of whoever puts it down"),
  })
  .meta({ id: "Schedule" });
export const Unschedule = z.object({ environment: z.string().min(1).max(100) }).meta({ id: "Unschedule" });
export const Rollback = z
  .object({ environment: z.string().min(1).max(100), reason: z.string().min(1).max(5000) })
  .meta({ id: "Rollback" });
export const SignOff = z
  .object({ step: z.string().min(1).max(200), note: z.string().max(5000).optional() })
  .meta({ id: "SignOff" });
export const Reason = z.object({ reason: z.string().min(1).max(5000) }).meta({ id: "Reason" });
export const CloseChange = z.object({ summary: z.string().max(5000).optional() }).meta({ id: "CloseChange" });
export const AddComment = z
  .object({
    text: z.string().min(1).max(20_000),
    attachments: z.array(z.string().min(1).max(100)).max(50).default([]).describe("Ids of attachments of this change"),
  })
  .meta({ id: "AddComment" });
export const SetStatus = z
  .object({
    status: z.enum(STATUSES),
    environment: z.string().max(100).optional(),
    reason: z.string().max(5000).optional(),
    impact: z.string().max(20_000).optional(),
    contentHash: z.string().max(100).optional(),
  })
  .meta({ id: "SetStatus" });
const MOST_TESTS = 1_000_000_000;
/** What CLI or CI found for a commit. A failed report fails the validation of the change. */
export const Report = z
  .object({
    kind: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/)
      .describe("tests, validation, coverage, or a kind of test that the process of the change asks for"),
    commit: z.string().min(4).max(64),
    passed: z.number().int().min(0).max(MOST_TESTS),
    failed: z.number().int().min(0).max(MOST_TESTS),
    summary: z.string().max(5000).optional(),
    contentHash: z.string().max(100).optional().describe("Left out: the content as it is now"),
  })
  .meta({ id: "Report" });
