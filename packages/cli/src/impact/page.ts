import type { ImpactReport } from "@change-mgmt/analysis/repository/impact/report.ts";
import type { Page } from "../output/page.ts";

/** The impact of a migration for people: from what it touches to teams, each with its place. */
export function impactLines(report: ImpactReport, page: Page): string[] {
  const { colours, signs } = page;
  const { touches, references, methods, endpoints, clients, users, components, teams, unresolved } = report;
  const at = (place: { file: string; line: number }) => colours.dim(`${place.file}:${place.line}`);
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [colours.bold(title), ...lines.map((line) => `  ${line}`)];
  const touched = touches.map(({ table, columns, what, breaking, line }) => {
    const name = columns === null || columns.length === 0 ? table : `${table} (${columns.join(", ")})`;
    return `${name}: ${what} ${breaking ? colours.red("may break") : ""} ${colours.dim(`line ${line}`)}`.replace(
      / {2,}/g,
      " ",
    );
  });
  const used = references.map(
    ({ table, columns, access, symbol, breaking, place }) =>
      `${breaking ? colours.red(signs.no) : signs.dot} ${symbol} ${access}s ${table} ${columns === null ? "(any column)" : `(${columns.join(", ")})`} ${at(place)}`,
  );
  return [
    ...part("Touches", touched),
    ...part("Read and written by", used),
    ...part(
      "Methods of repositories",
      methods.map((one) => `${one.interface}.${one.method} in ${one.implementation} ${at(one.place)}`),
    ),
    ...part(
      "Endpoints",
      endpoints.map(({ route, place }) => `${route} ${at(place)}`),
    ),
    ...part(
      "Clients",
      clients.map(({ by, route, place }) => `${by} calls ${route} ${at(place)}`),
    ),
    ...part(
      "Their users",
      users.map(({ symbol, calls, place }) => `${symbol} calls ${calls} ${at(place)}`),
    ),
    ...part(
      "Components",
      components.map(
        ({ name, team, breaking, touched: how }) =>
          `${name} of ${team}, ${how}${breaking ? colours.red(", may break") : ""}`,
      ),
    ),
    ...part("Could not be followed", unresolved),
    `${signs.dot} ${touches.length === 0 ? "It touches nothing that was there" : `${references.length} places in code, ${endpoints.length} endpoints, ${components.length} components, teams: ${teams.join(", ") || "none known"}`}`,
  ];
}
