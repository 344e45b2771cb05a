import type { Process } from "@change-mgmt/domain/process/process.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import type { Page } from "../../output/page.ts";
import { oneLine } from "../../output/plain-text.ts";
import { table } from "../../output/table.ts";
import { usage } from "../../stop.ts";

export const command = defineCommand({
  about: "With --json the whole process: stages, form and decision tables.",
  arguments: [{ name: "name", about: "name of the process" }],
  options: [
    { flags: "--version <version>", about: "a number or the beginning of a hash, as `process versions` shows them" },
  ],
  examples: [
    "change-mgmt process show data-layer",
    "change-mgmt process show data-layer --version=1",
    "change-mgmt process show data-layer --json | jq .process.approvals",
  ],
  answers: "processes.get",
  parse: (given) => ({ name: given.word("name"), version: given.text("version") }),
  async run(context, { name, version }) {
    const found =
      version === undefined
        ? await context.client("processes.get", { params: { name } })
        : await context.client("processes.version", { params: { name, hash: await hashOf(context, name, version) } });
    return answer(found, async (clean, page) => [
      ...(await processLines(clean.process as unknown as Process, page)),
      ...("inForce" in clean && clean.inForce === false
        ? ["", `This version is not in force any more; see change-mgmt process show ${clean.name}`]
        : []),
    ]);
  },
});

/** The one version that a number or the beginning of a hash names. */
async function hashOf({ client }: Context, name: string, version: string): Promise<string> {
  const { items } = await client("processes.versions", { params: { name } });
  const named = items.filter((one) => String(one.version) === version);
  const found = named.length > 0 ? named : items.filter(({ hash }) => hash.startsWith(version));
  if (found.length === 1) return found[0]!.hash;
  const all = (found.length > 0 ? found : items).map((one) => `${one.version} (${one.hash.slice(0, 12)})`).join(", ");
  throw usage(
    found.length === 0
      ? `${name} never had a version "${version}".`
      : `"${version}" names several versions of ${name}.`,
    found.length === 0 ? `Versions: ${all}.` : `Give the beginning of the hash: ${all}.`,
  );
}

async function processLines(process: Process, page: Page): Promise<string[]> {
  const { colours, signs } = page;
  return [
    `${colours.bold(process.name)} ${process.title}, version ${process.version}, owned by ${process.owner}`,
    oneLine(process.description),
    "",
    ...(await table(
      process.types,
      [
        { title: "type", cell: (row) => row.id },
        { title: "what", cell: (row) => row.description, gives: true },
      ],
      page,
    )),
    "",
    ...(await table(
      process.form.fields,
      [
        { title: "field", cell: (row) => row.id },
        { title: "kind", cell: (row) => row.kind },
        { title: "required", cell: (row) => (row.required === true ? "yes" : row.required ? "sometimes" : "") },
        { title: "help", cell: (row) => row.help, gives: true },
      ],
      page,
    )),
    "",
    ...process.stages.flatMap((stage) => [
      `${colours.bold(stage.id)}  ${stage.title}  ${colours.dim(`${stage.status} ${signs.arrow} ${stage.transitions.map(({ on, to }) => `${to} (${on})`).join(", ") || "the end"}`)}`,
      ...(stage.steps ?? []).map((step) => `  ${signs.open} ${step.title}  ${colours.dim(step.id)}`),
    ]),
  ];
}
