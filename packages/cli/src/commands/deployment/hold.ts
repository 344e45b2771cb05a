import { holdLines } from "../../change/hold-lines.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about:
    "Deployments and rollbacks are refused, and no worker takes one up. What a worker has in hand goes on to its end; deployment cancel stops it.",
  options: [{ flags: "--reason <text>", about: "why; it is shown to everybody and part of the audit trail" }],
  examples: ['change-mgmt deployment hold --reason="Outage of the payment database"'],
  answers: "hold.set",
  parse: (given) => ({ reason: given.required("reason") }),
  run: async (context, body) => answer(await context.client("hold.set", { body }), holdLines),
});
