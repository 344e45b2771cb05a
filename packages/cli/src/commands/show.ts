import { changeArgument } from "../change/change-argument.ts";
import { explainOption, showChange } from "../change/show-change.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  arguments: [changeArgument],
  options: [explainOption],
  examples: ["change-mgmt show CHG-12", "change-mgmt show CHG-12 --json | jq .approvals"],
  answers: "changes.get",
  parse: (given) => ({ id: given.word("change"), explain: given.flag("explain") }),
  run: (context, { id, explain }) => showChange(context, id, explain ? "all" : "open"),
});
