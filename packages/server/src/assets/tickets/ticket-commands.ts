import { KeepTicket } from "@change-mgmt/api/tickets.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import { newId } from "../../storage/ids.ts";

const KeepInput = KeepTicket.extend({ id: z.string() });

/**
 * Records that a ticket belongs to a change, and where it lies while both are in step. Said again it changes the folder; nothing is told where
 * nothing is new. Refusals: COMPONENT_UNKNOWN, TICKET_TAKEN.
 */
export const keepTicket = defineChangeCommand<z.output<typeof KeepInput>, { ticket: string }>({
  name: "ticket.keep",
  permission: "change.ticket",
  input: KeepInput,
  async run({ tx, change, actor, now }, { component, key, folder }) {
    const components = (await currentConfiguration(tx))?.document.components.map(({ name }) => name) ?? [];
    if (!components.includes(component)) {
      return refuse("COMPONENT_UNKNOWN", `There is no component "${component}".`, suggest(component, components), {
        place: { pointer: "/component" },
      });
    }
    const row = await tx
      .selectFrom("tickets")
      .innerJoin("change_requests", "change_requests.id", "tickets.change_id")
      .select(["tickets.id", "tickets.change_id", "tickets.folder", "change_requests.number"])
      .where("component", "=", component)
      .where("key", "=", key)
      .executeTakeFirst();
    if (row !== undefined && row.change_id !== change.id) {
      return refuse(
        "TICKET_TAKEN",
        `The ticket ${key} of ${component} belongs to ${row.number}.`,
        "One ticket belongs to one change. Let it belong to that one no longer first.",
        { place: { pointer: "/key" } },
      );
    }
    const ticket = row?.id ?? newId();
    if (row === undefined) {
      await tx
        .insertInto("tickets")
        .values({
          id: ticket,
          change_id: change.id,
          component,
          key,
          folder,
          linked_by: actor.handle,
          linked_at: now,
          synced_at: now,
        })
        .execute();
    } else await tx.updateTable("tickets").set({ folder, synced_at: now }).where("id", "=", ticket).execute();
    const details = { component, key, folder };
    const events =
      row === undefined
        ? [{ type: "ticket.linked", details }]
        : row.folder === folder
          ? []
          : [{ type: "ticket.moved", details: { ...details, from: row.folder } }];
    return accept({ change, events, value: { ticket } });
  },
});

const ForgetInput = z.object({ id: z.string(), ticketId: z.uuid() });

/** Lets a ticket belong to a change no longer. Refusal: TICKET_UNKNOWN. */
export const forgetTicket = defineChangeCommand<z.output<typeof ForgetInput>, { ok: true }>({
  name: "ticket.forget",
  permission: "change.ticket",
  input: ForgetInput,
  async run({ tx, change }, { ticketId }) {
    const row = await tx
      .deleteFrom("tickets")
      .where("id", "=", ticketId)
      .where("change_id", "=", change.id)
      .returning(["component", "key"])
      .executeTakeFirst();
    if (row === undefined)
      return refuse(
        "TICKET_UNKNOWN",
        `${change.number} has no ticket ${ticketId}.`,
        "Look at the list of tickets; it may have been taken from the change already.",
      );
    return accept({
      change,
      events: [{ type: "ticket.unlinked", details: { component: row.component, key: row.key } }],
      value: { ok: true },
    });
  },
});
