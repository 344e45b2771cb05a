import type { ListTickets, Ticket } from "@change-mgmt/api/tickets.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Status } from "@change-mgmt/domain/change/status.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Folder } from "@change-mgmt/domain/tickets/in-step.ts";
import { sql } from "kysely";
import type { z } from "zod";
import { pageOf, readCursor } from "../../commands/cursor.ts";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import { loadChange } from "../../storage/change-record.ts";
import type { Db } from "../../storage/store.ts";
import { forgetTicket, keepTicket } from "./ticket-commands.ts";

type View = z.input<typeof Ticket>;
/** Component and key, of which neither has a line break. */
const PLACE_KEY = /^[^\n]{1,100}\n[^\n]{1,200}$/;

/** Tickets of component boards over HTTP. */
export function ticketRoutes({ db, door }: { db: Db; door: Door }): Handlers {
  return {
    "tickets.list": async ({ actor, query }) => {
      const permitted = checkPermission(actor, "change.read");
      return permitted.ok ? await listTickets(db, query) : permitted;
    },
    "tickets.keep": async ({ params: { id }, body, ...request }) => {
      const kept = await door.execute(keepTicket, { ...body, id }, request);
      return kept.ok
        ? accept(viewOf(await selectTickets(db).where("tickets.id", "=", kept.value.ticket).executeTakeFirstOrThrow()))
        : kept;
    },
    "tickets.forget": async ({ params, ...request }) => await door.execute(forgetTicket, params, request),
  };
}

async function listTickets(
  db: Db,
  { component, change, limit, cursor }: z.output<typeof ListTickets>,
): Promise<Outcome<{ items: View[]; nextCursor: string | null }>> {
  const after = readCursor(cursor, PLACE_KEY);
  if (!after.ok) return after;
  let select = selectTickets(db)
    .orderBy("tickets.component")
    .orderBy("tickets.key")
    .limit(limit + 1);
  if (component !== undefined) select = select.where("tickets.component", "=", component);
  if (change !== undefined) {
    const found = await loadChange(db, change);
    if (!found.ok) return found;
    select = select.where("tickets.change_id", "=", found.value.id);
  }
  if (after.value !== undefined) {
    const [where = "", key = ""] = after.value.split("\n");
    select = select.where(sql<boolean>`(tickets.component, tickets.key) > (${where}, ${key})`);
  }
  const { items, nextCursor } = pageOf(await select.execute(), limit, (row) => `${row.component}\n${row.key}`);
  return accept({ items: items.map(viewOf), nextCursor });
}

function selectTickets(db: Db) {
  return db
    .selectFrom("tickets")
    .innerJoin("change_requests", "change_requests.id", "tickets.change_id")
    .select([
      "tickets.id",
      "tickets.component",
      "tickets.key",
      "tickets.folder",
      "tickets.linked_by",
      "tickets.synced_at",
      "change_requests.id as change",
      "change_requests.number",
      "change_requests.title",
      "change_requests.status",
    ]);
}

function viewOf(row: Awaited<ReturnType<ReturnType<typeof selectTickets>["execute"]>>[number]): View {
  return {
    id: row.id,
    component: row.component,
    key: row.key,
    folder: row.folder as Folder,
    change: { id: row.change, number: row.number, title: row.title, status: row.status as Status },
    linkedBy: row.linked_by,
    syncedAt: row.synced_at.toISOString(),
  };
}
