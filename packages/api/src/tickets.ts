import { STATUSES } from "@change-mgmt/domain/change/status.ts";
import { FOLDERS } from "@change-mgmt/domain/tickets/in-step.ts";
import { z } from "zod";

const component = z.string().min(1).max(100).describe("Name of a component of the configuration");
const key = z
  .string()
  .regex(/^[^/\\\0]{1,200}$/, "a key is the name of a file, without its ending and without folders")
  .describe("The file's name without its ending");
const folder = z.enum(FOLDERS).describe("Where it lies on its board");

/** A ticket of a component board that belongs to a change. */
export const Ticket = z
  .object({
    id: z.string(),
    component: z.string(),
    key: z.string(),
    folder: z.enum(FOLDERS).describe("Where it lay when ticket and change were last seen in step"),
    change: z.object({ id: z.string(), number: z.string(), title: z.string(), status: z.enum(STATUSES) }),
    linkedBy: z.string().describe("A person's handle"),
    syncedAt: z.iso.datetime(),
  })
  .meta({ id: "Ticket" });

export const ListTickets = z.object({
  component: component.optional(),
  change: z.string().min(1).max(100).optional().describe("A change's id or number"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(2000).optional(),
});

export const KeepTicket = z.object({ component, key, folder }).meta({ id: "KeepTicket" });
