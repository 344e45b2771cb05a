import { resolve } from "node:path";
import type { Problem } from "@change-mgmt/domain/change/refusal.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Page } from "../../output/page.ts";
import { oneLine } from "../../output/plain-text.ts";
import type { Done } from "../../tickets/carry-out.ts";
import type { Planned } from "../../tickets/plan.ts";

interface Synced {
  readonly dryRun: boolean;
  readonly items: readonly Done[];
  readonly inStep: number;
  /** Tickets that belong to no change. */
  readonly apart: number;
  readonly templates: number;
  readonly problems: readonly Problem[];
}

export const command = defineCommand({
  about: `Reads the boards that change-mgmt.yaml names for its components: a folder is a state (todo, in-progress, done), a Markdown file is a ticket. A ticket of todo becomes a draft; a change under way gets a ticket on the board of each component it touches; and of those that belong together whichever stayed behind follows: the file is moved (by git where git knows it), or a draft is submitted, a change closed.
A ticket's text is never touched. Where both have moved apart, or a process asks for more first, nothing is done and the conflict is shown; exit code 1.`,
  options: [
    { flags: "--path <folder>", about: "repository to look at; left out, the one that one stands in" },
    { flags: "--component <name>", about: "only the board of this component", repeatable: true },
    { flags: "--type <type>", about: "type of the changes that tickets become" },
    { flags: "--process <name>", about: "their process; the workspace's own when left out" },
    { flags: "--no-create", about: "make no changes of tickets" },
    { flags: "--dry-run", about: "only show what would be done" },
  ],
  examples: [
    "change-mgmt tickets sync --type=add-field",
    "change-mgmt tickets sync --component=data-layer --no-create --dry-run",
  ],
  parse: (given) => ({
    path: given.text("path"),
    components: given.list("component"),
    created: { type: given.text("type"), process: given.text("process") },
    create: given.choice("create") !== false,
    dryRun: given.flag("dryRun"),
  }),
  async run(context, { path, components, created, create, dryRun }) {
    const { findBoards, readSides } = await import("../../tickets/sides.ts");
    const { planSync } = await import("../../tickets/plan.ts");
    const { SyncWork } = await import("../../tickets/carry-out.ts");
    const repository = await findBoards(context, resolve(context.cwd, path ?? "."), components);
    const { sides, read } = await readSides(context, repository);
    const { planned, inStep, apart } = planSync(sides, { create });
    const work = new SyncWork(context, repository, created, [...sides.tickets, ...sides.known]);
    const items: Done[] = [];
    for (const one of planned) {
      items.push(dryRun && one.act !== "conflict" ? foreseen(one) : await work.do(one));
      if (context.isTerminal && planned.length > 1) context.say(`${items.length} of ${planned.length}`);
    }
    const synced: Synced = { dryRun, items, inStep, apart, templates: read.templates.length, problems: read.problems };
    const isFine = items.every(({ ok }) => ok) && read.problems.length === 0;
    return answer(synced, lines, isFine ? 0 : 1);
  },
});

const WOULD: Readonly<Record<string, string>> = {
  create: "would become a draft",
  link: "would belong to the change it names",
  write: "would be written",
  move: "would be moved",
  submit: "its change would be submitted",
  close: "its change would be closed",
  note: "would be noted as in step",
};

function foreseen({ act, component, key, file, change }: Planned): Done {
  return { act, component, key, file, change, ok: true, message: WOULD[act] ?? act };
}

function lines({ items, inStep, apart, templates, problems }: Synced, { colours, signs }: Page): string[] {
  const counted = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  const sum = [
    ...counted(inStep, "ticket in step", "tickets in step"),
    ...counted(apart, "that belongs to no change", "that belong to no change"),
    ...counted(templates, "template", "templates"),
  ];
  return [
    ...problems.flatMap(({ code, message, hint, place }) => [
      `${colours.yellow(signs.no)} ${place === undefined ? "" : `${place.file}${place.line === undefined ? "" : `:${place.line}`}: `}${oneLine(message)} ${colours.dim(code)}`,
      ...(hint === undefined ? [] : [`    ${hint}`]),
    ]),
    ...items.flatMap(({ ok, component, key, change, message, code, hint }) => [
      `${ok ? colours.green(signs.yes) : colours.red(signs.no)} ${component}/${key === "" ? (change ?? "") : key}${key === "" || change === null ? "" : ` (${change})`}: ${oneLine(message)}${code === undefined ? "" : ` ${colours.dim(code)}`}`,
      ...(hint === undefined ? [] : [`    ${oneLine(hint)}`]),
    ]),
    sum.length > 0 ? `${sum.join(", ")}.` : items.length === 0 ? "No tickets, and no change that needs one." : "",
  ].filter((line) => line !== "");
}
