import { holdLines } from "../../change/hold-lines.ts";
import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about: "A restore holds them, so that nothing is carried out twice; an operator or administrator can as well.",
  examples: ["change-mgmt deployment held"],
  answers: "hold.get",
  parse: () => undefined,
  run: async (context) => answer(await context.client("hold.get"), holdLines),
});
