import { defineCommand } from "../../command.ts";
import { cannotRun } from "../../stop.ts";

export const command = defineCommand({
  examples: ["change-mgmt demo"],
  offline: true,
  parse: () => undefined,
  run: async () => {
    throw cannotRun(
      "DEMO_MISSING",
      "This build has no demo.",
      "Start a server with its sample workspace: change-mgmt serve.",
    );
  },
});
