import type { CallOutput } from "@change-mgmt/api/client.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Page } from "../../output/page.ts";
import { type Column, table } from "../../output/table.ts";
import { ago } from "../../output/times.ts";

type Standing = CallOutput<"processes.standing">["items"][number];

export const command = defineCommand({
  about: "Standard changes that were approved beforehand. `create --standing=ID` begins one.",
  arguments: [{ name: "process", about: "name of the process" }],
  examples: ["change-mgmt process standing itil", "change-mgmt create --process=itil --standing=security-patch"],
  answers: "processes.standing",
  parse: (given) => given.word("process"),
  async run(context, name) {
    const found = await context.client("processes.standing", { params: { name } });
    return answer(found, async ({ items }, page) =>
      items.length === 0 ? ["The process has no catalogue of standard changes."] : await table(items, columns(), page),
    );
  },
});

function columns(): readonly Column<Standing>[] {
  return [
    { title: "Id", cell: ({ id }) => id },
    { title: "Title", cell: ({ title }) => title, gives: true },
    { title: "Owner", cell: ({ owner }) => owner },
    {
      title: "Until",
      cell: ({ expires, expired }) => (expired ? `${expires}, expired` : expires),
      paint: (text: string, page: Page, { expired }) => (expired ? page.colours.red(text) : text),
    },
    { title: "Used", cell: ({ uses }) => String(uses) },
    { title: "Last", cell: ({ lastUsedAt }, page) => (lastUsedAt === null ? "never" : ago(lastUsedAt, page.now)) },
  ];
}
