import { viewTable } from "../../change/saved-view.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about: "One's own and those that others share. change-mgmt list --view=NAME lists what one holds.",
  examples: ["change-mgmt view list"],
  answers: "savedViews.list",
  parse: () => undefined,
  async run(context) {
    const { items } = await context.client("savedViews.list");
    return answer({ items }, (clean, page) => viewTable(clean.items, page));
  },
});
