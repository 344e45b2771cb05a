import { holdLines } from "../../change/hold-lines.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about: "Every unfinished deployment is taken up where it stands: look at them before, with deployment held.",
  options: [{ flags: "--note <text>", about: "what was looked at; it is part of the audit trail" }],
  examples: ['change-mgmt deployment release --note="Both targets compared with the backup"'],
  answers: "hold.release",
  parse: (given) => ({ note: given.text("note") }),
  async run(context, { note }) {
    const body = note === undefined ? {} : { note };
    return answer(await context.client("hold.release", { body }), holdLines);
  },
});
