import { answer, defineCommand } from "../../command.ts";
import { listAll } from "../../pages.ts";
import { refused, usage } from "../../stop.ts";

export const command = defineCommand({
  about:
    "Neither the ticket nor the change is touched. A ticket that names its change belongs to it again with the next sync.",
  arguments: [
    { name: "change", about: "the change's number" },
    { name: "ticket", about: "component/key, as the list shows it" },
  ],
  examples: ["change-mgmt tickets forget CHG-12 data-layer/2026-04-02-let-orders-be-returned"],
  answers: "tickets.forget",
  parse(given) {
    const [component = "", ...key] = given.word("ticket").split("/");
    if (key.length === 0 || component === "")
      throw usage("A ticket is named by component and key.", "Such as data-layer/2026-04-02-let-orders-be-returned.");
    return { change: given.word("change"), component, key: key.join("/") };
  },
  async run(context, { change, component, key }) {
    const { items } = await listAll(true, { change, component }, (query) => context.client("tickets.list", { query }));
    const ticket = items.find((one) => one.key === key);
    if (ticket === undefined)
      throw refused({
        code: "TICKET_UNKNOWN",
        message: `${change} has no ticket ${component}/${key}.`,
        hint: `See which it has: change-mgmt tickets list --change=${change}`,
      });
    const done = await context.client("tickets.forget", { params: { id: change, ticketId: ticket.id } });
    return answer(done, () => [`${component}/${key} belongs to ${change} no longer.`]);
  },
});
