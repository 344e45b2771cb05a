import { answer, defineCommand } from "../../command.ts";
import { sampleLine } from "../../workspace/sample-lines.ts";

export const command = defineCommand({
  about:
    "Needs an empty workspace. Configuration, databases and people are there when it answers; the changes follow in the background, each act by the ordinary commands.",
  examples: ["change-mgmt sample make"],
  answers: "sample.make",
  parse: () => undefined,
  async run(context) {
    const sample = await context.client("sample.make", { body: {} });
    return answer(sample, (clean) => [sampleLine(clean)]);
  },
});
