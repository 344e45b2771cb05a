import type { AuditRecord, CitedFile } from "../../data/types.ts";
import type { StateKind } from "../../ui/states.ts";

/** One line of a change's timeline, from an entry of its audit trail. */
export interface Happening {
  readonly key: string;
  readonly at: string;
  readonly who: string;
  readonly words: string;
  readonly kind: StateKind;
  /** What the person wrote, in Markdown. */
  readonly text?: string;
  /** What the person named beside it. */
  readonly files?: readonly CitedFile[];
  /** Comments and votes, as opposed to what the engine notes. */
  readonly said: boolean;
}

type Details = Readonly<Record<string, unknown>>;
type Teller = (details: Details) => Pick<Happening, "words" | "kind"> & { readonly text?: unknown };

const inEnvironment = (details: Details) => (details.environment ? ` ${String(details.environment)}` : "");
const inPlaceOf = (details: Details) => (details.for ? ` for ${String(details.for)}` : "");
const list = (value: unknown) => (Array.isArray(value) ? value.map(String).join(", ") : "");

const TELLERS: Readonly<Record<string, Teller>> = {
  "change.created": () => ({ words: "created the change", kind: "waiting" }),
  "change.routed": ({ team }) => ({ words: `sent it to the team ${String(team)}`, kind: "waiting" }),
  "change.commented": ({ text }) => ({ words: "commented", kind: "waiting", text }),
  "change.edited": (details) => ({
    words: `edited ${list(details.fields) || list(details.changed) || "the change"}`,
    kind: "waiting",
  }),
  "change.assessed": ({ impact, breaking, complexity }) => ({
    words: `wrote the impact analysis: ${breaking ? "breaking" : "not breaking"}, ${String(complexity)} complexity`,
    kind: "waiting",
    text: impact,
  }),
  "vote.approved": (details) => ({ words: `approved${inPlaceOf(details)}`, kind: "good", text: details.comment }),
  "vote.rejected": (details) => ({ words: `rejected${inPlaceOf(details)}`, kind: "stopped", text: details.comment }),
  "vote.abstained": (details) => ({ words: `abstained${inPlaceOf(details)}`, kind: "waiting", text: details.comment }),
  "vote.withdrawn": ({ requirement }) => ({ words: `withdrew the vote on ${String(requirement)}`, kind: "undone" }),
  "vote.recused": ({ reason }) => ({
    words: "keeps out of it for a conflict of interest",
    kind: "undone",
    text: reason,
  }),
  "recusal.withdrawn": () => ({ words: "takes part in deciding again", kind: "waiting" }),
  "approval.due-soon": ({ title, told }) => ({
    words: `reminded ${list(told) || "nobody"} of the approval "${String(title)}"`,
    kind: "attention",
  }),
  "approval.overdue": ({ title, told }) => ({
    words: `told ${list(told) || "nobody"} that the approval "${String(title)}" is overdue`,
    kind: "attention",
  }),
  "votes.voided": (details) => ({
    words: `voided the votes${details.voters ? ` of ${list(details.voters)}` : ""}`,
    kind: "undone",
  }),
  "step.completed": ({ title, notes }) => ({ words: `completed "${String(title)}"`, kind: "good", text: notes }),
  "step.reopened": ({ title, because }) => ({
    words: `opened "${String(title)}" again: ${String(because ?? "")}`,
    kind: "undone",
  }),
  "step.added": ({ title }) => ({ words: `added the step "${String(title)}"`, kind: "waiting" }),
  "attachment.added": ({ name }) => ({ words: `attached ${String(name)}`, kind: "waiting" }),
  "attachment.removed": ({ name }) => ({ words: `removed the attachment ${String(name)}`, kind: "undone" }),
  "report.submitted": ({ kind, passed, failed, commit }) => ({
    words: `handed in a report on ${String(kind)}: ${String(passed)} passed, ${String(failed)} failed (${String(commit)})`,
    kind: failed ? "stopped" : "good",
  }),
  "rehearsal.passed": () => ({ words: "rehearsed it: passed", kind: "good" }),
  "rehearsal.failed": () => ({ words: "rehearsed it: failed", kind: "stopped" }),
  "deployment.requested": (details) => ({ words: `asked to deploy to${inEnvironment(details)}`, kind: "running" }),
  "ticket.linked": ({ component, key }) => ({
    words: `tied the ticket ${String(key)} of ${String(component)} to it`,
    kind: "waiting",
  }),
  "ticket.moved": ({ component, key, from, folder }) => ({
    words: `saw the ticket ${String(key)} of ${String(component)} go from ${String(from)} to ${String(folder)}`,
    kind: "waiting",
  }),
  "ticket.unlinked": ({ component, key }) => ({
    words: `took the ticket ${String(key)} of ${String(component)} from it`,
    kind: "undone",
  }),
  "deployment.scheduled": (details) => ({
    words: `put a deployment to${inEnvironment(details)} down for ${String(details.at)}`,
    kind: "waiting",
  }),
  "deployment.unscheduled": (details) => ({
    words: `took the planned deployment to${inEnvironment(details)} back`,
    kind: "undone",
  }),
  "deployment.schedule-begun": (details) => ({
    words: `began the planned deployment to${inEnvironment(details)}`,
    kind: "running",
  }),
  "deployment.schedule-refused": (details) => ({
    words: `was refused to begin the planned deployment to${inEnvironment(details)}: ${String(details.message ?? "")}`,
    kind: "stopped",
  }),
  "window.bypassed": (details) => ({
    words: `starts in${inEnvironment(details)} although: ${String(details.message ?? "")} Approved by ${list(details.approvedBy)}`,
    kind: "attention",
  }),
  "deployment.succeeded": (details) => ({ words: `deployed to${inEnvironment(details)}`, kind: "good" }),
  "deployment.failed": (details) => ({ words: `could not deploy to${inEnvironment(details)}`, kind: "stopped" }),
  "deployment.signed-off": ({ step, title, note }) => ({
    words: `signed off "${String(title ?? step)}"`,
    kind: "good",
    text: note,
  }),
  "rollback.requested": (details) => ({
    words: `asked to roll back${inEnvironment(details)}`,
    kind: "running",
    text: details.reason,
  }),
  "rollback.succeeded": (details) => ({ words: `rolled back${inEnvironment(details)}`, kind: "undone" }),
  "rollback.failed": (details) => ({ words: `could not roll back${inEnvironment(details)}`, kind: "stopped" }),
  "rework.begun": ({ reason }) => ({ words: "took it back to work", kind: "undone", text: reason }),
  "cancellation.given": ({ reason }) => ({ words: "cancelled it", kind: "undone", text: reason }),
  "review.summed-up": ({ summary }) => ({ words: "summed up", kind: "good", text: summary }),
};

/** The line of a timeline for an audit entry; `stageTitle` gives the title of a stage by its id. Undefined for what is not worth a line. */
export function happeningOf({ hash, entry }: AuditRecord, stageTitle: (id: string) => string): Happening | undefined {
  const type = String(entry.event_type);
  const details = (entry.details ?? {}) as Details;
  const actor = entry.actor as { handle?: unknown } | undefined;
  const byEngine = details.by === "engine";
  if (type === "step.completed" && byEngine) return undefined;
  const told = tell(type, details, stageTitle);
  const text = typeof told.text === "string" && told.text.trim() !== "" ? { text: told.text } : {};
  return {
    key: hash,
    at: String(entry.timestamp),
    who: String(actor?.handle ?? "engine"),
    words: told.words,
    kind: told.kind,
    ...(Array.isArray(details.files) ? { files: details.files as CitedFile[] } : {}),
    said: type === "change.commented" || type.startsWith("vote."),
    ...text,
  };
}

function tell(type: string, details: Details, stageTitle: (id: string) => string): ReturnType<Teller> {
  const teller = TELLERS[type];
  if (teller) return teller(details);
  if (type.endsWith(".refused")) {
    const act = type
      .replace(/^change\./, "")
      .replace(/\.refused$/, "")
      .replaceAll(/[.-]/g, " ");
    return { words: `was refused to ${act}: ${String(details.message ?? "")}`, kind: "stopped" };
  }
  if (typeof details.to === "string") return { words: `moved it to "${stageTitle(details.to)}"`, kind: "waiting" };
  return { words: type.replaceAll(/[._-]/g, " "), kind: "waiting" };
}
