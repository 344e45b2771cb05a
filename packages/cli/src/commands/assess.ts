import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";

const COMPLEXITIES = ["low", "medium", "high"] as const;

export const command = defineCommand({
  about: "What is said here adds to what type, form and rehearsal say; it never lowers it.",
  arguments: [changeArgument],
  options: [
    { flags: "--impact <text>", about: "who and what is affected, and how" },
    { flags: "--breaking", about: "it breaks something for somebody" },
    { flags: "--complexity <complexity>", about: "how hard it is", choices: COMPLEXITIES },
    { flags: "--depends-on <change>", about: "change that must come first", repeatable: true },
  ],
  examples: ['change-mgmt assess CHG-12 --impact="The bot reads users; no writer is affected" --complexity=low'],
  answers: "changes.assess",
  parse: (given) => ({
    id: given.word("change"),
    impact: given.required("impact"),
    breaking: given.flag("breaking"),
    complexity: COMPLEXITIES.find((one) => one === given.text("complexity")),
    dependencies: given.list("dependsOn"),
  }),
  async run(context, { id, impact, breaking, complexity, dependencies }) {
    const body = {
      impact,
      ...(breaking ? { breaking } : {}),
      ...(complexity ? { complexity } : {}),
      ...(dependencies.length > 0 ? { dependencies: [...dependencies] } : {}),
    };
    return changeAnswer(await context.client("changes.assess", { params: { id }, body }), "assessed");
  },
});
