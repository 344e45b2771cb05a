import type { Status } from "../change/status.ts";

/** Folders of a component board, in the order in which work passes through them. */
export const FOLDERS = ["todo", "in-progress", "done"] as const;

export type Folder = (typeof FOLDERS)[number];

/** Where the ticket of a change in a status belongs; null where it stays wherever it lies. */
const FOLDER_OF: Readonly<Record<Status, Folder | null>> = {
  draft: "todo",
  submitted: "todo",
  assessing: "todo",
  implementing: "in-progress",
  validating: "in-progress",
  awaiting_approval: "in-progress",
  approved: "in-progress",
  scheduled: "in-progress",
  deploying: "in-progress",
  monitoring: "in-progress",
  reviewing: "in-progress",
  failed: "in-progress",
  rolling_back: "in-progress",
  rolled_back: "in-progress",
  closed: "done",
  rejected: null,
  cancelled: null,
};

/** The folder in which the ticket of a change with this status belongs; undefined where it stays wherever it lies. */
export function folderOf(status: Status): Folder | undefined {
  return FOLDER_OF[status] ?? undefined;
}

/** What is to be done about one ticket and its change. */
export type Difference =
  /** Both say the same. */
  | { readonly kind: "in-step" }
  /** The change went on: the ticket follows it. */
  | { readonly kind: "move"; readonly to: Folder }
  /** The ticket was moved on: the change is asked to follow by this act, which its process may refuse. */
  | { readonly kind: "ask"; readonly act: "submit" | "close" }
  /** Neither can follow the other by itself; somebody has to decide. */
  | { readonly kind: "conflict"; readonly why: string };

/**
 * Holds a ticket against its change. `known` is the folder in which both were last seen in step: whichever differs from it has moved, and the
 * other follows. Where both have moved apart nothing is done to either.
 */
export function difference({
  known,
  ticket,
  status,
}: {
  readonly known: Folder;
  readonly ticket: Folder;
  readonly status: Status;
}): Difference {
  const wanted = folderOf(status) ?? ticket;
  if (ticket === wanted) return { kind: "in-step" };
  if (ticket === known) return { kind: "move", to: wanted };
  if (wanted !== known)
    return {
      kind: "conflict",
      why: `the ticket was moved from ${known} to ${ticket}, and the change went on to ${status}, which belongs in ${wanted}`,
    };
  if (FOLDERS.indexOf(ticket) < FOLDERS.indexOf(wanted))
    return { kind: "conflict", why: `the ticket was moved back to ${ticket}, and the change is ${status}` };
  if (ticket === "done") return { kind: "ask", act: "close" };
  if (status === "draft") return { kind: "ask", act: "submit" };
  return {
    kind: "conflict",
    why: `the ticket was moved to ${ticket}, and the change is ${status}: what its process asks for has to be done first`,
  };
}
