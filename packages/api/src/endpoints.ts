import { z } from "zod";
import * as changes from "./changes.ts";
import { Overview } from "./overview.ts";
import * as people from "./people.ts";
import * as workspace from "./workspace.ts";

/** One operation of the HTTP interface. Server routes, the OpenAPI document and the typed client all follow from this table. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `:name` parameters. A change's `:id` is its UUID or its number. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Answer of a success; `stream` for what is not one JSON document. */
  readonly response: z.ZodType | "stream";
  readonly contentType?: string;
  /** Success status; 200 when left out. */
  readonly status?: number;
  /** True for what anybody may ask without a token. */
  readonly open?: boolean;
}

function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

const id = z.object({ id: z.string().min(1).max(100) });
const name = z.object({ name: z.string().min(1).max(100) });
const done = z.object({ ok: z.literal(true) });
const change = { tag: "Changes", params: id, response: changes.Change } as const;

export const endpoints = {
  "changes.create": {
    method: "POST",
    path: "/api/changes",
    tag: "Changes",
    summary: "Create a change request",
    body: changes.CreateChange,
    response: changes.Change,
    status: 201,
  },
  "changes.list": {
    method: "GET",
    path: "/api/changes",
    tag: "Changes",
    summary: "List changes, newest first",
    query: changes.ListChanges,
    response: page(changes.ChangeSummary),
  },
  "changes.get": {
    ...change,
    method: "GET",
    path: "/api/changes/:id",
    summary: "One change with its checklist, approvals and what may be done now",
  },
  "changes.edit": {
    ...change,
    method: "PATCH",
    path: "/api/changes/:id",
    summary: "Edit a change; If-Match carries the version that was read",
    body: changes.EditChange,
  },
  "changes.submit": {
    ...change,
    method: "POST",
    path: "/api/changes/:id/submit",
    summary: "Submit a draft: the form is checked, the process pinned, the change routed",
    body: changes.Submit,
  },
  "changes.assess": {
    ...change,
    method: "POST",
    path: "/api/changes/:id/assess",
    summary: "Record the impact analysis",
    body: changes.Assess,
  },
  "changes.status": {
    ...change,
    method: "PUT",
    path: "/api/changes/:id/status",
    summary: "Run the act that leads to a status; refused exactly like that act",
    body: changes.SetStatus,
  },
  "changes.completeStep": {
    ...change,
    method: "POST",
    path: "/api/changes/:id/steps/:stepId",
    summary: "Complete a step of the checklist with its evidence",
    params: id.extend({ stepId: z.string().min(1).max(200) }),
    body: changes.CompleteStep,
  },
  "changes.addStep": {
    ...change,
    method: "POST",
    path: "/api/changes/:id/steps",
    summary: "Add a step to the checklist",
    body: changes.AddStep,
    status: 201,
  },
  "changes.vote": {
    ...change,
    method: "POST",
    path: "/api/changes/:id/approve",
    summary: "Vote: approve, reject or abstain",
    body: changes.CastVote,
  },
  "changes.rework": {
    ...change,
    method: "POST",
    path: "/api/changes/:id/rework",
    summary: "Take a rejected or failed change back to work",
    body: changes.Reason,
  },
  "changes.deploy": {
    method: "POST",
    path: "/api/changes/:id/deploy",
    tag: "Deployments",
    summary: "Deploy to an environment; answers at once, the work goes on in the background",
    params: id,
    body: changes.Deploy,
    response: changes.Deployment,
    status: 202,
  },
  "changes.rollback": {
    method: "POST",
    path: "/api/changes/:id/rollback",
    tag: "Deployments",
    summary: "Roll an environment back to what it was before the change",
    params: id,
    body: changes.Rollback,
    response: changes.Deployment,
    status: 202,
  },
  "changes.signOff": {
    method: "POST",
    path: "/api/changes/:id/sign-off",
    tag: "Deployments",
    summary: "Sign off a manual step of the running deployment",
    params: id,
    body: changes.SignOff,
    response: changes.Deployment,
  },
  "changes.cancel": {
    ...change,
    method: "POST",
    path: "/api/changes/:id/cancel",
    summary: "Cancel a change",
    body: changes.Reason,
  },
  "changes.close": {
    ...change,
    method: "POST",
    path: "/api/changes/:id/close",
    summary: "Close a change when nothing is owed any more",
    body: changes.CloseChange,
  },
  "changes.comments": {
    method: "GET",
    path: "/api/changes/:id/comments",
    tag: "Changes",
    summary: "Comments, oldest first",
    params: id,
    query: z.object({
      cursor: z.string().max(500).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: page(changes.CommentEntry),
  },
  "changes.comment": {
    method: "POST",
    path: "/api/changes/:id/comments",
    tag: "Changes",
    summary: "Comment on a change",
    params: id,
    body: changes.AddComment,
    response: changes.CommentEntry,
    status: 201,
  },
  "changes.validation": {
    method: "GET",
    path: "/api/changes/:id/validation",
    tag: "Changes",
    summary: "Validation of the current content: checks and rehearsals",
    params: id,
    response: changes.Validation,
  },
  "changes.report": {
    method: "POST",
    path: "/api/changes/:id/reports",
    tag: "Changes",
    summary: "Hand in what a test run or validation found for a commit",
    params: id,
    body: changes.Report,
    response: changes.Validation,
    status: 201,
  },
  "changes.deployments": {
    method: "GET",
    path: "/api/changes/:id/deployments",
    tag: "Deployments",
    summary: "Deployments and rollbacks of a change, newest first",
    params: id,
    response: z.object({ items: z.array(changes.Deployment) }),
  },
  "deployments.get": {
    method: "GET",
    path: "/api/deployments/:id",
    tag: "Deployments",
    summary: "One deployment with its steps and their output",
    params: id,
    response: changes.Deployment,
  },
  "deployments.cancel": {
    method: "POST",
    path: "/api/deployments/:id/cancel",
    tag: "Deployments",
    summary: "Stop a deployment; the step in hand is rolled back where it is transactional",
    params: id,
    body: changes.Reason,
    response: changes.Deployment,
  },

  overview: {
    method: "GET",
    path: "/api/overview",
    tag: "Changes",
    summary: "What waits for the asking person, what runs now, changes by stage, recent failures and rollbacks",
    response: Overview,
  },

  "processes.list": {
    method: "GET",
    path: "/api/processes",
    tag: "Processes",
    summary: "Processes of this installation",
    response: z.object({ items: z.array(workspace.ProcessSummary) }),
  },
  "processes.get": {
    method: "GET",
    path: "/api/processes/:name",
    tag: "Processes",
    summary: "A process whole: stages, form, decision tables",
    params: name,
    response: workspace.ProcessDocument,
  },

  "environments.list": {
    method: "GET",
    path: "/api/environments",
    tag: "Workspace",
    summary: "Environments in promotion order",
    response: z.object({ items: z.array(workspace.Environment) }),
  },
  "environments.baseline": {
    method: "POST",
    path: "/api/environments/:name/baseline",
    tag: "Workspace",
    summary: "Take the schema as it is now for the known one, after drift was looked at",
    params: name,
    body: workspace.Baseline,
    response: workspace.BaselineResult,
  },
  "config.get": {
    method: "GET",
    path: "/api/config",
    tag: "Workspace",
    summary: "The configuration in force",
    response: workspace.Config,
  },
  "config.import": {
    method: "POST",
    path: "/api/config",
    tag: "Workspace",
    summary: "Import change-mgmt.yaml",
    body: workspace.ImportConfig,
    response: workspace.Config,
    status: 201,
  },

  me: {
    method: "GET",
    path: "/api/me",
    tag: "People",
    summary: "Who the token stands for and what it may do",
    response: people.WhoAmI,
  },
  "users.list": {
    method: "GET",
    path: "/api/users",
    tag: "People",
    summary: "People",
    query: z.object({
      cursor: z.string().max(500).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    response: page(people.User),
  },
  "users.create": {
    method: "POST",
    path: "/api/users",
    tag: "People",
    summary: "Add a person",
    body: people.CreateUser,
    response: people.User,
    status: 201,
  },
  "users.edit": {
    method: "PATCH",
    path: "/api/users/:name",
    tag: "People",
    summary: "Change a person's roles, positions or state",
    params: name,
    body: people.EditUser,
    response: people.User,
  },
  "teams.list": {
    method: "GET",
    path: "/api/teams",
    tag: "People",
    summary: "Teams with their members",
    response: z.object({ items: z.array(people.Team) }),
  },
  "teams.create": {
    method: "POST",
    path: "/api/teams",
    tag: "People",
    summary: "Add a team",
    body: people.CreateTeam,
    response: people.Team,
    status: 201,
  },
  "teams.addMember": {
    method: "POST",
    path: "/api/teams/:name/members",
    tag: "People",
    summary: "Add a person to a team",
    params: name,
    body: people.TeamMember,
    response: people.Team,
  },
  "teams.removeMember": {
    method: "DELETE",
    path: "/api/teams/:name/members/:user",
    tag: "People",
    summary: "Take a person out of a team",
    params: name.extend({ user: z.string().min(1).max(100) }),
    response: people.Team,
  },
  "tokens.list": {
    method: "GET",
    path: "/api/tokens",
    tag: "People",
    summary: "One's API tokens; administrators may ask for all",
    query: z.object({ all: z.stringbool().optional() }),
    response: z.object({ items: z.array(people.Token) }),
  },
  "tokens.create": {
    method: "POST",
    path: "/api/tokens",
    tag: "People",
    summary: "Make an API token; its secret is shown this once",
    body: people.CreateToken,
    response: people.NewToken,
    status: 201,
  },
  "tokens.revoke": {
    method: "DELETE",
    path: "/api/tokens/:id",
    tag: "People",
    summary: "Revoke an API token",
    params: id,
    response: done,
  },
  "links.create": {
    method: "POST",
    path: "/api/links",
    tag: "People",
    summary: "Make a one-time sign-in link for a person",
    body: people.CreateLink,
    response: people.NewLink,
    status: 201,
  },
  "links.exchange": {
    method: "POST",
    path: "/api/links/exchange",
    tag: "People",
    summary: "Exchange the code of a one-time link for a token",
    body: people.ExchangeLink,
    response: people.NewToken,
    status: 201,
    open: true,
  },

  "audit.list": {
    method: "GET",
    path: "/api/audit",
    tag: "Audit",
    summary: "Audit trail, newest first; the query itself is audited",
    query: workspace.ListAudit,
    response: page(workspace.AuditRecord),
  },
  "audit.export": {
    method: "GET",
    path: "/api/audit/export",
    tag: "Audit",
    summary: "Everything sealed, as JSON Lines with the seal as last line",
    response: "stream",
    contentType: "application/jsonl",
  },
  "audit.checkpoint": {
    method: "GET",
    path: "/api/audit/checkpoint",
    tag: "Audit",
    summary: "The newest seal, to be kept elsewhere",
    response: workspace.Checkpoint,
  },
  "audit.keys": {
    method: "GET",
    path: "/api/audit/keys",
    tag: "Audit",
    summary: "Public keys of the seals, newest first",
    response: z.object({ items: z.array(workspace.AuditKey) }),
  },
  "audit.verify": {
    method: "GET",
    path: "/api/audit/verify",
    tag: "Audit",
    summary: "Let the server verify its own trail; an export verified elsewhere proves more",
    response: workspace.AuditVerdict,
  },

  "jobs.dead": {
    method: "GET",
    path: "/api/jobs/dead",
    tag: "Operations",
    summary: "Work that failed for good",
    response: z.object({ items: z.array(workspace.DeadLetter) }),
  },
  "jobs.resend": {
    method: "POST",
    path: "/api/jobs/dead/:id/resend",
    tag: "Operations",
    summary: "Try dead work again",
    params: id,
    response: done,
  },
  backup: {
    method: "GET",
    path: "/api/backup",
    tag: "Operations",
    summary: "A consistent copy of everything the product stores, as gzipped JSON Lines",
    response: "stream",
    contentType: "application/gzip",
  },
  events: {
    method: "GET",
    path: "/api/events",
    tag: "Operations",
    summary: "Live events (server-sent events); Last-Event-ID resumes",
    query: z.object({ change: z.string().max(100).optional() }),
    response: "stream",
    contentType: "text/event-stream",
  },
  health: {
    method: "GET",
    path: "/healthz",
    tag: "Operations",
    summary: "The process runs",
    response: workspace.Health,
    open: true,
  },
  ready: {
    method: "GET",
    path: "/readyz",
    tag: "Operations",
    summary: "The process can do its work (200) or not (503)",
    response: workspace.Health,
    open: true,
  },
} as const satisfies Record<string, Endpoint>;

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
