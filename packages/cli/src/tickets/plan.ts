import type { LyingTicket } from "@change-mgmt/analysis/tickets/board.ts";
import type { CallOutput } from "@change-mgmt/api/client.ts";
import type { Status } from "@change-mgmt/domain/change/status.ts";
import { difference, type Folder, folderOf } from "@change-mgmt/domain/tickets/in-step.ts";

export type KnownTicket = CallOutput<"tickets.list">["items"][number];

/** A change as far as its ticket is concerned. */
export interface TicketChange {
  readonly number: string;
  readonly title: string;
  readonly status: Status;
  readonly createdAt: string;
}

/** What is on both sides. */
export interface Sides {
  readonly tickets: readonly LyingTicket[];
  readonly known: readonly KnownTicket[];
  /** Changes that tickets themselves name, by number; those that are not there are left out. */
  readonly named: ReadonlyMap<string, TicketChange>;
  /** Changes under way, by component with a board. */
  readonly underWay: ReadonlyMap<string, readonly TicketChange[]>;
}

interface About {
  readonly component: string;
  readonly key: string;
  /** Relative to the repository's root; null where there is none. */
  readonly file: string | null;
  readonly change: string | null;
}

/** One thing to do, or to tell. */
export type Planned = About &
  (
    | { readonly act: "create"; readonly ticket: LyingTicket }
    | { readonly act: "link"; readonly folder: Folder; readonly change: string }
    | { readonly act: "write"; readonly folder: Folder; readonly change: string }
    | {
        readonly act: "move";
        readonly from: Folder;
        readonly to: Folder;
        readonly change: string;
        readonly file: string;
      }
    | { readonly act: "submit" | "close"; readonly folder: Folder; readonly change: string }
    | { readonly act: "note"; readonly folder: Folder; readonly change: string }
    | { readonly act: "conflict"; readonly why: string; readonly hint: string }
  );

export interface Plan {
  readonly planned: readonly Planned[];
  readonly inStep: number;
  /** Tickets that belong to no change and are not waiting to become one. */
  readonly apart: number;
}

/**
 * What brings tickets and changes in step: tickets of todo become changes, changes under way get a ticket on the board of each component they
 * touch, and of what belongs together whichever stayed behind follows. What somebody has to decide is a conflict.
 */
export function planSync({ tickets, known, named, underWay }: Sides, { create }: { readonly create: boolean }): Plan {
  const planned: Planned[] = [];
  let inStep = 0;
  let apart = 0;
  const placeOf = (component: string, key: string) => `${component}\n${key}`;
  const links = new Map(known.map((link) => [placeOf(link.component, link.key), link]));
  const lying = new Set(tickets.map(({ component, key }) => placeOf(component, key)));
  const has = new Set(known.map(({ component, change }) => placeOf(component, change.number)));
  for (const ticket of tickets) {
    const { component, key, file, folder } = ticket;
    const link = links.get(placeOf(component, key));
    const change = link?.change ?? (ticket.change === undefined ? undefined : named.get(ticket.change));
    const about = { component, key, file };
    if (change === undefined) {
      if (ticket.change !== undefined)
        planned.push({
          ...about,
          change: null,
          act: "conflict",
          why: `it names ${ticket.change}, and there is no such change`,
          hint: "Correct or remove its Change line.",
        });
      else if (folder === "todo" && create) planned.push({ ...about, change: null, act: "create", ticket });
      else apart++;
      continue;
    }
    const { number, status } = change;
    if (link === undefined) {
      planned.push({ ...about, change: number, act: "link", folder });
      has.add(placeOf(component, number));
    }
    const found = difference({ known: (link?.folder ?? folder) as Folder, ticket: folder, status });
    switch (found.kind) {
      case "in-step":
        if (link !== undefined && link.folder !== folder)
          planned.push({ ...about, change: number, act: "note", folder });
        else inStep++;
        break;
      case "move":
        planned.push({ ...about, change: number, act: "move", from: folder, to: found.to });
        break;
      case "ask":
        planned.push({ ...about, change: number, act: found.act, folder });
        break;
      case "conflict":
        planned.push({
          ...about,
          change: number,
          act: "conflict",
          why: found.why,
          hint: `Do what the change asks for next (change-mgmt show ${number}), or move the ticket back.`,
        });
    }
  }
  for (const { component, key, change } of known) {
    if (lying.has(placeOf(component, key))) continue;
    planned.push({
      component,
      key,
      file: null,
      change: change.number,
      act: "conflict",
      why: "its file is gone from the board",
      hint: `Put it back, or let it go: change-mgmt tickets forget ${change.number} ${component}/${key}`,
    });
  }
  for (const [component, changes] of underWay) {
    for (const { number, status } of changes) {
      const folder = folderOf(status);
      // A draft is its writer's own until it is submitted.
      if (folder === undefined || status === "draft" || has.has(placeOf(component, number))) continue;
      planned.push({ component, key: "", file: null, change: number, act: "write", folder });
    }
  }
  return { planned, inStep, apart };
}
