import type { ImpactReport } from "@change-mgmt/analysis/repository/impact/report.ts";

/** The impact of a migration as a Markdown document to hand on. */
export function impactMarkdown(report: ImpactReport): string {
  const { migration, touches, references, methods, endpoints, clients, users, components, teams, unresolved } = report;
  const at = ({ file, line }: { file: string; line: number }) => code(`${file}:${line}`);
  const yes = (value: boolean) => (value ? "yes" : "");
  const parts = [
    table(
      "Touches",
      ["table", "columns", "what", "may break", "line"],
      touches.map((one) => [
        one.table,
        one.columns?.join(", ") ?? "all",
        one.what,
        yes(one.breaking),
        String(one.line),
      ]),
    ),
    table(
      "Components",
      ["component", "team", "how", "may break"],
      components.map((one) => [one.name, one.team, one.touched, yes(one.breaking)]),
    ),
    table(
      "Read and written by",
      ["symbol", "table", "columns", "access", "may break", "place"],
      references.map((one) => [
        one.symbol,
        one.table,
        one.columns?.join(", ") ?? "any",
        one.access,
        yes(one.breaking),
        at(one.place),
      ]),
    ),
    table(
      "Methods of repositories",
      ["method", "implementation", "place"],
      methods.map((one) => [`${one.interface}.${one.method}`, one.implementation, at(one.place)]),
    ),
    table(
      "Endpoints",
      ["route", "place"],
      endpoints.map(({ route, place }) => [code(route), at(place)]),
    ),
    table(
      "Clients",
      ["method", "route", "place"],
      clients.map(({ by, route, place }) => [by, code(route), at(place)]),
    ),
    table(
      "Their users",
      ["symbol", "calls", "place"],
      users.map(({ symbol, calls, place }) => [symbol, calls, at(place)]),
    ),
    unresolved.length === 0
      ? ""
      : `## Could not be followed\n\n${unresolved.map((one) => `- ${cell(one)}`).join("\n")}\n`,
  ];
  const head = `# Impact of ${code(migration)}\n\nTeams: ${teams.join(", ") || "none known"}.\n`;
  return [head, ...parts.filter((part) => part !== "")].join("\n");
}

function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return `## ${title}\n\n${line(columns)}\n${line(columns.map(() => "---"))}\n${rows.map(line).join("\n")}\n`;
}

function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|");
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}
