import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";
import { oneLine } from "../output/plain-text.ts";
import { momentOf } from "../people/delegation-table.ts";

export const command = defineCommand({
  about:
    "It begins by itself, in your name and with the rights you have by then. Windows, freezes, approvals and everything else are asked again at that moment; change-mgmt show tells what became of it. Other deployments that are put down and get in its way are named first.",
  arguments: [changeArgument],
  options: [
    { flags: "--environment <name>", about: "where to" },
    { flags: "--at <moment>", about: "when, such as 2026-12-01T14:00:00+01:00" },
  ],
  examples: ["change-mgmt schedule CHG-12 --environment=production --at=2026-12-01T14:00:00Z"],
  answers: "changes.schedule",
  parse: (given) => ({
    id: given.word("change"),
    body: { environment: given.required("environment"), at: momentOf("at", given.required("at"), false) },
  }),
  async run(context, { id, body }) {
    const { items } = await context.client("changes.conflicts", { params: { id }, query: body });
    for (const { kind, message } of items) {
      if (kind !== "not-possible") context.say(context.page.colours.yellow(`Mind: ${oneLine(message)}`));
    }
    return changeAnswer(await context.client("changes.schedule", { params: { id }, body }), "is put down");
  },
});
