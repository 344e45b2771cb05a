import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  examples: ["change-mgmt demo"],
  parse: () => undefined,
  run: async () => answer(undefined, () => []),
});
