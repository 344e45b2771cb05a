import { changeArgument } from "../../change/change-argument.ts";
import { answer, defineCommand } from "../../command.ts";
import { oneLine } from "../../output/plain-text.ts";
import { usage } from "../../stop.ts";

const MANY = 1_000_000_000;

export const command = defineCommand({
  about: "Meant for CI, under a token of the scope reports. A report with failures fails the validation of the change.",
  arguments: [changeArgument],
  options: [
    { flags: "--kind <kind>", about: "tests, validation, coverage, or a kind of test that the process asks for" },
    { flags: "--commit <sha>", about: "commit it was run on" },
    { flags: "--passed <n>", about: "how many passed" },
    { flags: "--failed <n>", about: "how many failed" },
    { flags: "--summary <text>", about: "in words" },
    { flags: "--hash <hash>", about: "content it is about; as it is now when left out" },
  ],
  examples: ["change-mgmt report send CHG-12 --kind=tests --commit=$COMMIT --passed=412 --failed=0"],
  answers: "changes.report",
  parse(given) {
    const kind = given.required("kind");
    const passed = given.whole("passed", 0, MANY);
    const failed = given.whole("failed", 0, MANY);
    if (passed === undefined || failed === undefined)
      throw usage("How many passed and how many failed is missing.", "Give both: --passed=412 --failed=0.");
    const summary = given.text("summary");
    const contentHash = given.text("hash");
    const more = {
      ...(summary === undefined ? {} : { summary }),
      ...(contentHash === undefined ? {} : { contentHash }),
    };
    return { id: given.word("change"), body: { kind, commit: given.required("commit"), passed, failed, ...more } };
  },
  async run(context, { id, body }) {
    const validation = await context.client("changes.report", { params: { id }, body });
    return answer(validation, ({ change, result, checks }, page) => [
      `report taken; validation of ${change}: ${result}`,
      ...checks.map(
        (check) =>
          `  ${check.result === "passed" ? page.signs.yes : page.signs.no} ${oneLine(check.title)}: ${oneLine(check.message)}`,
      ),
    ]);
  },
});
