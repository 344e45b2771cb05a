import { findView } from "../../change/saved-view.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about: "For everybody it was shared with.",
  arguments: [{ name: "name", about: "name or id of the view" }],
  examples: ["change-mgmt view remove 'Waiting for QA'"],
  parse: (given) => given.word("name"),
  async run(context, name) {
    const view = await findView(context, name);
    await context.client("savedViews.delete", { params: { id: view.id } });
    return answer({ id: view.id, name: view.name, removed: true }, (clean) => [`${clean.name} is removed.`]);
  },
});
