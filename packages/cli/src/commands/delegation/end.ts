import { answer, defineCommand } from "../../command.ts";
import { delegationTable } from "../../people/delegation-table.ts";

export const command = defineCommand({
  about: "Ends it at once. Votes that were cast until now stand.",
  arguments: [{ name: "delegation", about: "its id, as delegation list shows it" }],
  examples: ["change-mgmt delegation end 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11"],
  answers: "delegations.end",
  parse: (given) => given.word("delegation"),
  async run(context, id) {
    const ended = await context.client("delegations.end", { params: { id } });
    return answer(ended, (clean, page) => delegationTable([clean], page));
  },
});
