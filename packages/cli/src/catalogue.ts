import type { AnyCommand } from "./command.ts";

/** One command as the overview knows it; its module is loaded only when it is called. */
export interface Entry {
  /** What one types. */
  readonly path: string;
  readonly group: string;
  readonly summary: string;
  readonly hidden?: boolean;
  load(): Promise<{ readonly command: AnyCommand }>;
}

/** Words that only lead to verbs. */
export const nouns: Readonly<Record<string, { readonly group: string; readonly summary: string }>> = {
  step: { group: "Changes", summary: "Complete and add steps of the checklist" },
  attachment: { group: "Changes", summary: "Download and remove attachments" },
  report: { group: "Changes", summary: "Hand in reports of tests and validation" },
  deployment: { group: "Deployment", summary: "List, watch and stop deployments" },
  audit: { group: "Audit", summary: "Read, export and verify the audit trail" },
  token: { group: "People", summary: "Make, list and revoke API tokens" },
  user: { group: "People", summary: "Add, list and edit people" },
  team: { group: "People", summary: "Add and list teams and their members" },
  config: { group: "Workspace", summary: "Import and show the configuration" },
  environment: { group: "Workspace", summary: "List environments and accept a schema as known" },
  process: { group: "Workspace", summary: "List and show processes" },
  sample: { group: "Workspace", summary: "See, make and remove the sample workspace" },
  jobs: { group: "Workspace", summary: "See and resend work that failed for good" },
};

/** Every command, in the order of the help page. */
export const catalogue: readonly Entry[] = [
  {
    path: "create",
    group: "Changes",
    summary: "Create a change request",
    load: () => import("./commands/create.ts"),
  },
  {
    path: "list",
    group: "Changes",
    summary: "List changes, newest first",
    load: () => import("./commands/list.ts"),
  },
  {
    path: "status",
    group: "Changes",
    summary: "Show where a change stands; without one, all active changes",
    load: () => import("./commands/status.ts"),
  },
  {
    path: "show",
    group: "Changes",
    summary: "Show a change: checklist, approvals, rehearsals, environments and the next act",
    load: () => import("./commands/show.ts"),
  },
  {
    path: "edit",
    group: "Changes",
    summary: "Change the form, the artifacts or the assignee of a change",
    load: () => import("./commands/edit.ts"),
  },
  {
    path: "submit",
    group: "Changes",
    summary: "Submit a draft",
    load: () => import("./commands/submit.ts"),
  },
  {
    path: "assess",
    group: "Changes",
    summary: "Record the impact analysis",
    load: () => import("./commands/assess.ts"),
  },
  {
    path: "step complete",
    group: "Changes",
    summary: "Complete a step of the checklist with its evidence",
    load: () => import("./commands/step/complete.ts"),
  },
  {
    path: "step add",
    group: "Changes",
    summary: "Add a step to the checklist",
    load: () => import("./commands/step/add.ts"),
  },
  {
    path: "attach",
    group: "Changes",
    summary: "Attach files to a change",
    load: () => import("./commands/attach.ts"),
  },
  {
    path: "attachments",
    group: "Changes",
    summary: "List the attachments of a change",
    load: () => import("./commands/attachments.ts"),
  },
  {
    path: "attachment download",
    group: "Changes",
    summary: "Save the bytes of an attachment",
    load: () => import("./commands/attachment/download.ts"),
  },
  {
    path: "attachment remove",
    group: "Changes",
    summary: "Remove an attachment that nothing relies on",
    load: () => import("./commands/attachment/remove.ts"),
  },
  {
    path: "report send",
    group: "Changes",
    summary: "Hand in what a test run or validation found for a commit",
    load: () => import("./commands/report/send.ts"),
  },
  {
    path: "comment",
    group: "Changes",
    summary: "Comment on a change, or read its comments",
    load: () => import("./commands/comment.ts"),
  },
  {
    path: "rework",
    group: "Changes",
    summary: "Take a rejected or failed change back to work",
    load: () => import("./commands/rework.ts"),
  },
  {
    path: "cancel",
    group: "Changes",
    summary: "Cancel a change",
    load: () => import("./commands/cancel.ts"),
  },
  {
    path: "close",
    group: "Changes",
    summary: "Close a change when nothing is owed any more",
    load: () => import("./commands/close.ts"),
  },
  {
    path: "approve",
    group: "Approval",
    summary: "Approve the content of a change as it stands",
    load: () => import("./commands/approve.ts"),
  },
  {
    path: "reject",
    group: "Approval",
    summary: "Reject the content of a change as it stands",
    load: () => import("./commands/reject.ts"),
  },
  {
    path: "abstain",
    group: "Approval",
    summary: "Abstain from a vote",
    load: () => import("./commands/abstain.ts"),
  },
  {
    path: "deploy",
    group: "Deployment",
    summary: "Deploy a change to an environment and watch it",
    load: () => import("./commands/deploy.ts"),
  },
  {
    path: "rollback",
    group: "Deployment",
    summary: "Roll an environment back to what it was before a change",
    load: () => import("./commands/rollback.ts"),
  },
  {
    path: "sign-off",
    group: "Deployment",
    summary: "Sign off a manual step of the running deployment",
    load: () => import("./commands/sign-off.ts"),
  },
  {
    path: "deployment list",
    group: "Deployment",
    summary: "List deployments and rollbacks of a change",
    load: () => import("./commands/deployment/list.ts"),
  },
  {
    path: "deployment show",
    group: "Deployment",
    summary: "Show a deployment with its steps; --watch follows it",
    load: () => import("./commands/deployment/show.ts"),
  },
  {
    path: "deployment cancel",
    group: "Deployment",
    summary: "Stop a deployment",
    load: () => import("./commands/deployment/cancel.ts"),
  },
  {
    path: "audit list",
    group: "Audit",
    summary: "Read the audit trail, newest first",
    load: () => import("./commands/audit/list.ts"),
  },
  {
    path: "audit verify",
    group: "Audit",
    summary: "Verify an export of the audit trail, offline",
    load: () => import("./commands/audit/verify.ts"),
  },
  {
    path: "audit export",
    group: "Audit",
    summary: "Export everything sealed as JSON Lines",
    load: () => import("./commands/audit/export.ts"),
  },
  {
    path: "audit checkpoint",
    group: "Audit",
    summary: "Fetch the newest seal, to be kept elsewhere",
    load: () => import("./commands/audit/checkpoint.ts"),
  },
  {
    path: "audit keys",
    group: "Audit",
    summary: "Fetch the public keys that seals are signed with",
    load: () => import("./commands/audit/keys.ts"),
  },
  {
    path: "login",
    group: "People",
    summary: "Sign in to a server and remember it on this machine",
    load: () => import("./commands/login.ts"),
  },
  {
    path: "logout",
    group: "People",
    summary: "Forget the sign-in to a server",
    load: () => import("./commands/logout.ts"),
  },
  {
    path: "whoami",
    group: "People",
    summary: "Show who one is and what one may do",
    load: () => import("./commands/whoami.ts"),
  },
  {
    path: "link",
    group: "People",
    summary: "Make a one-time sign-in link for a person",
    load: () => import("./commands/link.ts"),
  },
  {
    path: "token create",
    group: "People",
    summary: "Make an API token; its secret is shown this once",
    load: () => import("./commands/token/create.ts"),
  },
  {
    path: "token list",
    group: "People",
    summary: "List API tokens",
    load: () => import("./commands/token/list.ts"),
  },
  {
    path: "token revoke",
    group: "People",
    summary: "Revoke an API token",
    load: () => import("./commands/token/revoke.ts"),
  },
  {
    path: "user create",
    group: "People",
    summary: "Add a person",
    load: () => import("./commands/user/create.ts"),
  },
  {
    path: "user list",
    group: "People",
    summary: "List people",
    load: () => import("./commands/user/list.ts"),
  },
  {
    path: "user edit",
    group: "People",
    summary: "Change a person's roles, positions or state",
    load: () => import("./commands/user/edit.ts"),
  },
  {
    path: "team create",
    group: "People",
    summary: "Add a team",
    load: () => import("./commands/team/create.ts"),
  },
  {
    path: "team list",
    group: "People",
    summary: "List teams with their members",
    load: () => import("./commands/team/list.ts"),
  },
  {
    path: "team add",
    group: "People",
    summary: "Add a person to a team",
    load: () => import("./commands/team/add.ts"),
  },
  {
    path: "team remove",
    group: "People",
    summary: "Take a person out of a team",
    load: () => import("./commands/team/remove.ts"),
  },
  {
    path: "config import",
    group: "Workspace",
    summary: "Import change-mgmt.yaml",
    load: () => import("./commands/config/import.ts"),
  },
  {
    path: "config show",
    group: "Workspace",
    summary: "Show the configuration in force",
    load: () => import("./commands/config/show.ts"),
  },
  {
    path: "environment list",
    group: "Workspace",
    summary: "List environments in promotion order",
    load: () => import("./commands/environment/list.ts"),
  },
  {
    path: "environment baseline",
    group: "Workspace",
    summary: "Take an environment's schema as it is now for the known one",
    load: () => import("./commands/environment/baseline.ts"),
  },
  {
    path: "process list",
    group: "Workspace",
    summary: "List the processes of the installation",
    load: () => import("./commands/process/list.ts"),
  },
  {
    path: "process show",
    group: "Workspace",
    summary: "Show a process: types, form, stages",
    load: () => import("./commands/process/show.ts"),
  },
  {
    path: "process versions",
    group: "Workspace",
    summary: "List the versions of a process and how many changes follow each",
    load: () => import("./commands/process/versions.ts"),
  },
  {
    path: "sample show",
    group: "Workspace",
    summary: "Show how far the sample workspace is, and what waits for its people",
    load: () => import("./commands/sample/show.ts"),
  },
  {
    path: "sample make",
    group: "Workspace",
    summary: "Make the sample workspace in an empty one",
    load: () => import("./commands/sample/make.ts"),
  },
  {
    path: "sample remove",
    group: "Workspace",
    summary: "Remove the sample workspace with all that is in it",
    load: () => import("./commands/sample/remove.ts"),
  },
  {
    path: "jobs dead",
    group: "Workspace",
    summary: "List work that failed for good",
    load: () => import("./commands/jobs/dead.ts"),
  },
  {
    path: "jobs resend",
    group: "Workspace",
    summary: "Try dead work again",
    load: () => import("./commands/jobs/resend.ts"),
  },
  {
    path: "serve",
    group: "This machine",
    summary: "Start the server (and worker) on this machine",
    load: () => import("./commands/local/serve.ts"),
  },
  {
    path: "worker",
    group: "This machine",
    summary: "Start a worker beside servers that share a Postgres",
    load: () => import("./commands/local/worker.ts"),
  },
  {
    path: "demo",
    group: "This machine",
    summary: "Take one change the whole way in the terminal",
    load: () => import("./commands/local/demo.ts"),
  },
  {
    path: "backup",
    group: "This machine",
    summary: "Write a consistent copy of everything the product stores",
    load: () => import("./commands/local/backup.ts"),
  },
  {
    path: "restore",
    group: "This machine",
    summary: "Restore a backup into an empty store",
    load: () => import("./commands/local/restore.ts"),
  },
  {
    path: "completion",
    group: "This machine",
    summary: "Print the completion script of a shell",
    load: () => import("./commands/completion.ts"),
  },
  {
    path: "help",
    group: "This machine",
    summary: "Print help, also for one command",
    load: () => import("./commands/help.ts"),
  },
  {
    path: "__complete",
    group: "This machine",
    summary: "Candidates for the word being typed",
    hidden: true,
    load: () => import("./commands/complete-word.ts"),
  },
];
