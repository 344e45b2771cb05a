import { z } from "zod";
import * as tickets from "../tickets.ts";
import { done, type Endpoint, id, page } from "./endpoint.ts";

/** Tickets of component boards. */
export const ticketEndpoints = {
  "tickets.list": {
    method: "GET",
    path: "/api/tickets",
    permission: "change.read",
    tag: "Tickets",
    summary: "Tickets of component boards that belong to changes, by component and key",
    query: tickets.ListTickets,
    response: page(tickets.Ticket),
  },
  "tickets.keep": {
    method: "PUT",
    path: "/api/changes/:id/tickets",
    permission: "change.ticket",
    tag: "Tickets",
    summary: "Record that a ticket belongs to a change, and the folder in which both are in step now",
    params: id,
    body: tickets.KeepTicket,
    response: tickets.Ticket,
  },
  "tickets.forget": {
    method: "DELETE",
    path: "/api/changes/:id/tickets/:ticketId",
    permission: "change.ticket",
    tag: "Tickets",
    summary: "Let a ticket belong to a change no longer; neither is touched",
    params: id.extend({ ticketId: z.string().min(1).max(100) }),
    response: done,
  },
} as const satisfies Record<string, Endpoint>;
