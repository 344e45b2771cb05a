import { answer, defineCommand } from "../../command.ts";
import { cannotRun, usage } from "../../stop.ts";
import { removalLines } from "../../workspace/sample-lines.ts";

export const command = defineCommand({
  about: `Removes its changes, people with their sessions and tokens, teams, databases and configuration; deployments that run are stopped first.
Refused while changes or people of your own depend on it. The audit trail stays, and an empty workspace with its administrators.`,
  options: [
    { flags: "--yes", about: "do not ask" },
    { flags: "--dry-run", about: "only say what would be removed" },
  ],
  examples: ["change-mgmt sample remove", "change-mgmt sample remove --yes", "change-mgmt sample remove --dry-run"],
  answers: "sample.remove",
  parse: (given) => ({ yes: given.flag("yes"), dryRun: given.flag("dryRun") }),
  async run(context, { yes, dryRun }) {
    const would = await context.client("sample.remove", { body: { dryRun: true } });
    if (dryRun) return answer(would, removalLines);
    if (!yes) {
      if (!context.stdin.isTTY)
        throw usage(
          "Nobody can be asked here whether to remove the sample.",
          "Add --yes, or look first with --dry-run.",
        );
      for (const line of removalLines(would)) context.say(line);
      context.stderr.write("Type remove to go on: ");
      if ((await typedLine(context.stdin)) !== "remove")
        throw cannotRun("NOT_CONFIRMED", "Nothing was removed.", "Type the word remove, or use --yes.");
    }
    const removed = await context.client("sample.remove", { body: {} });
    return answer(removed, removalLines);
  },
});

/** The first line that comes from the terminal. */
async function typedLine(stdin: AsyncIterable<string | Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of stdin) {
    text += typeof piece === "string" ? piece : Buffer.from(piece).toString("utf8");
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0]!.trim();
}
