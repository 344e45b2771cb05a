import { answer, defineCommand } from "../../command.ts";
import { configLines } from "../../workspace/config-lines.ts";

export const command = defineCommand({
  examples: ["change-mgmt config show"],
  answers: "config.get",
  parse: () => undefined,
  run: async (context) => answer(await context.client("config.get"), configLines),
});
