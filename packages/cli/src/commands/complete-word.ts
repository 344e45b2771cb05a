import { answer, defineCommand } from "../command.ts";
import { candidates } from "../completion/candidates.ts";

export const command = defineCommand({
  about: "Called by the completion scripts with the words of the line so far, the last one being typed.",
  arguments: [{ name: "words", about: "the words after change-mgmt", optional: true, rest: true }],
  examples: ["change-mgmt __complete -- step com"],
  parse: (given) => given.rest("words"),
  run: async (context, words) => answer({ candidates: await candidates(context, words) }, (clean) => clean.candidates),
});
