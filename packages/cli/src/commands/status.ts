import { changeArgument } from "../change/change-argument.ts";
import { changeTable } from "../change/change-table.ts";
import { explainOption, showChange } from "../change/show-change.ts";
import { answer, defineCommand } from "../command.ts";
import { listAll } from "../pages.ts";

export const command = defineCommand({
  arguments: [{ ...changeArgument, optional: true }],
  options: [explainOption],
  examples: ["change-mgmt status", "change-mgmt status --change-id=CHG-123"],
  answers: "changes.get",
  parse: (given) => ({ id: given.optionalWord("change"), explain: given.flag("explain") }),
  async run(context, { id, explain }) {
    if (id !== undefined) return showChange(context, id, explain ? "all" : "open");
    const active = { active: "true" } as const;
    const { items } = await listAll(true, active, (query) => context.client("changes.list", { query }));
    return answer({ items }, async (clean, page) =>
      clean.items.length > 0
        ? changeTable(clean.items, page)
        : ["No active changes. Create one with: change-mgmt create"],
    );
  },
});
