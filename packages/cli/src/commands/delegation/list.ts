import { answer, defineCommand } from "../../command.ts";
import { delegationTable } from "../../people/delegation-table.ts";

export const command = defineCommand({
  about: "Newest first, past ones included.",
  examples: ["change-mgmt delegation list"],
  answers: "delegations.list",
  parse: () => undefined,
  async run(context) {
    const { items } = await context.client("delegations.list");
    return answer({ items }, (clean, page) => delegationTable(clean.items, page));
  },
});
