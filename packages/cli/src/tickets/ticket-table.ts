import type { Page } from "../output/page.ts";
import { type Column, table } from "../output/table.ts";
import type { KnownTicket } from "./plan.ts";

const COLUMNS: readonly Column<KnownTicket>[] = [
  { title: "Component", cell: ({ component }) => component },
  { title: "Ticket", cell: ({ key }) => key },
  { title: "Folder", cell: ({ folder }) => folder },
  { title: "Change", cell: ({ change }) => change.number },
  { title: "Status", cell: ({ change }) => change.status },
  { title: "Title", cell: ({ change }) => change.title, gives: true },
];

/** Tickets as a table, with the changes they belong to. */
export async function ticketTable(tickets: readonly KnownTicket[], page: Page): Promise<string[]> {
  return tickets.length === 0 ? ["No tickets."] : await table(tickets, COLUMNS, page);
}
