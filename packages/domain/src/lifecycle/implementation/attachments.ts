import { type Attachment, type CitedFile, sizeInWords } from "../../change/attachment.ts";
import type { Change, Evidence } from "../../change/change.ts";
import { accept, type Outcome, type Refused, refuse } from "../../change/refusal.ts";
import { FINAL_STATUSES } from "../../change/status.ts";
import { checkPermission } from "../../identity/permissions.ts";
import type { Actor } from "../../identity/roles.ts";
import { type FileContent, recogniseType } from "./attachment-type.ts";

/** How much may be attached. */
export interface AttachmentLimits {
  /** Of one file. */
  readonly bytes: number;
  /** Of one change, those that were removed not counted. */
  readonly count: number;
}

/** A file somebody wants to attach. */
export interface OfferedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly content: FileContent;
}

const LONGEST_NAME = 200;
/** Control characters, and those that turn the direction of writing and so can disguise an ending. */
const DISGUISING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Whether a change takes files now. Refusal: CHANGE_OVER. */
export function mayAttach(change: Pick<Change, "number" | "status">): Outcome<true> {
  if (!FINAL_STATUSES.has(change.status)) return accept(true);
  return refuse(
    "CHANGE_OVER",
    `${change.number} is ${change.status}; its attachments stay as they are.`,
    "Attach the file to a further change.",
  );
}

/**
 * The media type with which a file is attached. Refusals: CHANGE_OVER, ATTACHMENT_NAME, ATTACHMENT_EMPTY, ATTACHMENT_TOO_LARGE,
 * ATTACHMENT_TOO_MANY, ATTACHMENT_TYPE, ATTACHMENT_ALREADY (the same bytes under the same name are there).
 */
export function decideAttaching(
  change: Pick<Change, "number" | "status">,
  { name, size, sha256, content }: OfferedFile,
  attached: readonly Attachment[],
  limits: AttachmentLimits,
): Outcome<{ readonly type: string }> {
  const open = mayAttach(change);
  if (!open.ok) return open;
  const outside = checkOutside(name, size, limits.bytes);
  if (!outside.ok) return outside;
  const here = attached.filter(({ removed }) => removed === undefined);
  if (here.length >= limits.count) {
    return refuse(
      "ATTACHMENT_TOO_MANY",
      `${change.number} has ${here.length} attachments, and that is the most.`,
      "Remove what is not needed, or attach several files as one archive.",
      { details: { limit: limits.count } },
    );
  }
  const type = recogniseType(name, content);
  if (!type.ok) return type;
  const same = here.find((other) => other.name === name && other.sha256 === sha256);
  if (same) {
    return refuse(
      "ATTACHMENT_ALREADY",
      `"${name}" is attached already, with the same content, by ${same.by}.`,
      "Use that attachment.",
      { details: { attachment: same.id } },
    );
  }
  return accept({ type: type.value });
}

/**
 * Whether a file may be attached by what is known before it is read: its name, and its size against the limit, in bytes. Refusals:
 * ATTACHMENT_NAME, ATTACHMENT_EMPTY, ATTACHMENT_TOO_LARGE.
 */
export function checkOutside(name: string, size: number, limit: number): Outcome<true> {
  const problem = nameProblem(name);
  if (problem !== undefined) {
    return refuse("ATTACHMENT_NAME", `The name of the file ${problem}.`, "Give it another name and attach it again.", {
      place: { pointer: "/query/name" },
    });
  }
  if (size === 0) return refuse("ATTACHMENT_EMPTY", `"${name}" is empty.`, "Attach a file with something in it.");
  if (size <= limit) return accept(true);
  return refuse(
    "ATTACHMENT_TOO_LARGE",
    `"${name}" is larger than ${sizeInWords(limit)}.`,
    "Attach the part that matters, compress it, or keep it elsewhere and give its address as a link.",
    { details: { limit } },
  );
}

function nameProblem(name: string): string | undefined {
  if (name.trim() === "") return "is missing";
  if (name.length > LONGEST_NAME) return `has more than ${LONGEST_NAME} characters`;
  if (/[/\\]/.test(name) || name === "." || name === "..") return "is a path";
  if (DISGUISING.test(name)) return "holds characters that are not seen";
  return undefined;
}

/**
 * Whether somebody may take an attachment away. What a completed step names and what was there when somebody voted stays. Refusals:
 * ATTACHMENT_REMOVED, CHANGE_OVER, ATTACHMENT_NOT_YOURS, ATTACHMENT_RELIED_ON.
 */
export function decideRemoval(
  change: Pick<Change, "number" | "status" | "steps" | "votes">,
  attachment: Attachment,
  actor: Actor,
): Outcome<true> {
  const { name, by, at } = attachment;
  if (attachment.removed) return refuseRemoved(attachment);
  const open = mayAttach(change);
  if (!open.ok) return open;
  if (by !== actor.handle && !checkPermission(actor, "attachment.manage").ok) {
    return refuse(
      "ATTACHMENT_NOT_YOURS",
      `"${name}" was attached by ${by}.`,
      `${by} or an administrator can remove it.`,
    );
  }
  const step = change.steps.find(({ completed }) =>
    completed?.evidence.some((item) => item.file?.id === attachment.id),
  );
  if (step) {
    return refuse(
      "ATTACHMENT_RELIED_ON",
      `"${name}" is evidence of the completed step "${step.title}".`,
      "Evidence stays. Attach what is better beside it and say so in a comment.",
      { details: { step: step.id } },
    );
  }
  const vote = change.votes.find((candidate) => candidate.at >= at);
  if (vote) {
    return refuse(
      "ATTACHMENT_RELIED_ON",
      `"${name}" was there when ${vote.voter} voted on ${change.number}.`,
      "What a vote could rely on stays. Attach what is better beside it and say so in a comment.",
      { details: { vote: vote.id } },
    );
  }
  return accept(true);
}

/** Evidence as it is given: words, an address or an id, or a file by the id of its attachment. */
export interface GivenEvidence {
  readonly kind: Evidence["kind"];
  readonly value?: string | undefined;
  readonly title?: string | undefined;
  readonly attachment?: string | undefined;
}

/** The evidence to be recorded, each file bound to its hash. Refusals: ATTACHMENT_UNKNOWN, ATTACHMENT_REMOVED. */
export function evidenceOf(
  change: Pick<Change, "number">,
  given: readonly GivenEvidence[],
  attached: readonly Attachment[],
): Outcome<readonly Evidence[]> {
  const evidence: Evidence[] = [];
  for (const [at, { kind, value, title, attachment }] of given.entries()) {
    const file =
      attachment === undefined ? undefined : citeFile(change, attachment, attached, `/evidence/${at}/attachment`);
    if (file?.ok === false) return file;
    evidence.push({
      kind,
      value: value ?? file?.value.name ?? "",
      ...(title === undefined ? {} : { title }),
      ...(file === undefined ? {} : { file: file.value }),
    });
  }
  return accept(evidence);
}

/** What a record keeps of the attachments it names. Refusals: ATTACHMENT_UNKNOWN, ATTACHMENT_REMOVED, with the place in the list. */
export function citeFiles(
  change: Pick<Change, "number">,
  ids: readonly string[],
  attached: readonly Attachment[],
): Outcome<readonly CitedFile[]> {
  const files: CitedFile[] = [];
  for (const [at, id] of ids.entries()) {
    const file = citeFile(change, id, attached, `/attachments/${at}`);
    if (!file.ok) return file;
    files.push(file.value);
  }
  return accept(files);
}

function citeFile(
  change: Pick<Change, "number">,
  wanted: string,
  attached: readonly Attachment[],
  pointer: string,
): Outcome<CitedFile> {
  const found = attached.find(({ id }) => id === wanted);
  if (!found) {
    return refuse(
      "ATTACHMENT_UNKNOWN",
      `${change.number} has no attachment ${wanted}.`,
      "Attach the file to this change first; the list of its attachments has their ids.",
      { place: { pointer } },
    );
  }
  if (found.removed) return refuseRemoved(found, pointer);
  const { id, name, type, size, sha256 } = found;
  return accept({ id, name, type, size, sha256 });
}

/** The refusal for what was taken away. */
export function refuseRemoved({ name, removed }: Attachment, pointer?: string): Refused {
  return refuse(
    "ATTACHMENT_REMOVED",
    `"${name}" was removed by ${removed?.by} at ${removed?.at}.`,
    "Attach the file again if it is needed.",
    pointer === undefined ? {} : { place: { pointer } },
  );
}
