import type { CallOutput } from "@change-mgmt/api/client.ts";
import type { Page } from "../output/page.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/times.ts";

type Config = CallOutput<"config.get">;
type Environment = Config["environments"][number];

/** The configuration in force: what it is called, whose it is, teams, components, environments and commands. */
export async function configLines(config: Config, page: Page): Promise<string[]> {
  const { colours } = page;
  const by = `imported by ${config.importedBy} ${ago(config.importedAt, page.now)}${config.change ? ` with ${config.change}` : ""}`;
  return [
    `${colours.bold(config.workspace)}, version ${config.version}, ${by}`,
    `default process ${config.process}${config.postgres === null ? "" : `, databases on Postgres ${config.postgres}`}`,
    colours.dim(`hash ${config.hash}`),
    "",
    ...(await table(
      config.teams,
      [
        { title: "team", cell: (row) => row.name },
        { title: "title", cell: (row) => row.title },
      ],
      page,
    )),
    "",
    ...(await table(
      config.components,
      [
        { title: "component", cell: (row) => row.name },
        { title: "path", cell: (row) => row.path },
        { title: "team", cell: (row) => row.team },
        { title: "board", cell: (row) => row.board ?? "" },
      ],
      page,
    )),
    "",
    ...(await environmentTable(config.environments, page)),
    ...(config.commands.length === 0 ? [] : ["", ...(await commandTable(config.commands, page))]),
  ];
}

function commandTable(commands: Config["commands"], page: Page): Promise<string[]> {
  return table(
    commands,
    [
      { title: "command", cell: (row) => row.name },
      { title: "runs", cell: (row) => row.run.join(" ") },
      { title: "verify", cell: (row) => row.verify?.join(" ") ?? "" },
      { title: "rollback", cell: (row) => row.rollback?.join(" ") ?? "" },
      { title: "in", cell: (row) => row.workingFolder },
      { title: "limit", cell: (row) => `${row.timeoutSeconds} s` },
    ],
    page,
  );
}

/** Environments in promotion order. */
export function environmentTable(environments: readonly Environment[], page: Page): Promise<string[]> {
  return table(
    [...environments].sort((a, b) => a.order - b.order),
    [
      { title: "environment", cell: (row) => row.name },
      { title: "database", cell: (row) => row.database },
      { title: "lock wait", cell: (row) => `${row.lockTimeoutMs / 1000} s, ${row.retries} more tries` },
      { title: "known schema", cell: (row) => row.schemaHash?.slice(0, 12) ?? "none yet" },
      { title: "taken", cell: (row) => (row.snapshotAt ? ago(row.snapshotAt, page.now) : "") },
      { title: "held by deployment", cell: (row) => row.running ?? "" },
    ],
    page,
  );
}
