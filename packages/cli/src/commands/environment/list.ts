import { answer, defineCommand } from "../../command.ts";
import { environmentTable } from "../../workspace/config-lines.ts";

export const command = defineCommand({
  examples: ["change-mgmt environment list"],
  answers: "environments.list",
  parse: () => undefined,
  async run(context) {
    const { items } = await context.client("environments.list");
    return answer({ items }, async (clean, page) =>
      clean.items.length > 0
        ? environmentTable(clean.items, page)
        : ["No environments. They come with a configuration: change-mgmt config import"],
    );
  },
});
