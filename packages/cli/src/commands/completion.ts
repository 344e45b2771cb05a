import { answer, defineCommand } from "../command.ts";
import { completionScript, SHELLS } from "../completion/scripts.ts";
import { usage } from "../stop.ts";

export const command = defineCommand({
  about: `Load it where the shell starts:
  bash  source <(change-mgmt completion bash)
  zsh   source <(change-mgmt completion zsh)      after compinit
  fish  change-mgmt completion fish | source`,
  arguments: [{ name: "shell", about: SHELLS.join(", ") }],
  examples: ["source <(change-mgmt completion bash)"],
  offline: true,
  parse(given) {
    const typed = given.word("shell");
    const shell = SHELLS.find((one) => one === typed);
    if (shell) return shell;
    throw usage(`There is no completion for "${typed}".`, `One of: ${SHELLS.join(", ")}.`);
  },
  run: async (_, shell) =>
    answer({ shell, script: completionScript(shell) }, ({ script }) => script.trimEnd().split("\n")),
});
