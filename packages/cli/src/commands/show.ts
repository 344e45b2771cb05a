import { changeArgument } from "../change/change-argument.ts";
import { showChange } from "../change/show-change.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  arguments: [changeArgument],
  examples: ["change-mgmt show CHG-12", "change-mgmt show CHG-12 --json | jq .approvals"],
  answers: "changes.get",
  parse: (given) => given.word("change"),
  run: showChange,
});
