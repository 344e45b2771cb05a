import { answer, defineCommand } from "../../command.ts";
import { table } from "../../output/table.ts";
import { sampleLine } from "../../workspace/sample-lines.ts";

export const command = defineCommand({
  examples: ["change-mgmt sample show"],
  answers: "sample.get",
  parse: () => undefined,
  async run(context) {
    const sample = await context.client("sample.get");
    return answer(sample, async (clean, page) => [
      sampleLine(clean),
      ...(clean.people.length === 0
        ? []
        : await table(
            clean.people,
            [
              { title: "person", cell: (row) => row.handle },
              { title: "roles", cell: (row) => row.roles.join(", ") },
              { title: "teams", cell: (row) => row.teams.join(", ") },
              { title: "waiting", cell: (row) => String(row.waiting) },
              { title: "first", cell: (row) => row.first ?? "", gives: true },
            ],
            page,
          )),
    ]);
  },
});
