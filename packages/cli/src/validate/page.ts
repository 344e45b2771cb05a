import type { CheckFinding } from "@change-mgmt/analysis/check/report.ts";
import type { Page } from "../output/page.ts";
import type { Validation } from "./validation.ts";

const SIGNS = { real: "yes", stub: "open", missing: "no", unknown: "open" } as const;

/** The validation for people: the backends, the endpoints, what was found in which file, and a line that sums up. */
export function validationLines(validation: Validation, page: Page): string[] {
  return [
    ...matrixLines(validation, page),
    ...endpointLines(validation, page),
    ...validation.notes.map((note) => `${page.signs.dot} ${note}`),
    ...validation.files.flatMap((file) => fileLines(file, page)),
    ...migrationLines(validation, page),
    summaryLine(validation, page),
  ];
}

function matrixLines({ interfaces, backends, methods }: Validation, { colours, signs }: Page): string[] {
  return interfaces.flatMap(({ name }) => {
    const rows = backends.flatMap((backend) => {
      const theirs = methods.filter((one) => one.interface === name && one.backend === backend);
      if (theirs.length === 0) return [];
      const real = theirs.filter(({ state }) => state === "real").length;
      const others = theirs
        .filter(({ state }) => state !== "real")
        .map(({ method, state }) => `${signs[SIGNS[state]]} ${method} ${state}`);
      const mark = real === theirs.length ? colours.green(signs.yes) : colours.red(signs.no);
      return [
        `  ${mark} ${backend} ${colours.dim(`${real} of ${theirs.length}`)}${others.length > 0 ? ` ${others.join(", ")}` : ""}`,
      ];
    });
    return rows.length > 0 ? [colours.bold(name), ...rows] : [];
  });
}

function endpointLines({ routes, calls }: Validation, { colours }: Page): string[] {
  if (routes.length === 0) return [];
  const called = routes.filter(({ calledBy }) => calledBy.length > 0).length;
  const reach = calls.filter(({ route }) => route !== null).length;
  return [
    `${colours.bold("Endpoints")} ${called} of ${routes.length} routes are called; ${reach} of ${calls.length} calls reach one`,
  ];
}

function fileLines({ path, findings, waived }: Validation["files"][number], page: Page): string[] {
  const { colours, signs } = page;
  return [
    ...findings.flatMap((finding) => findingLine(path, finding, page)),
    ...waived.map(
      ({ message, line, column, reason }) =>
        `${signs.open} ${message} ${colours.dim(`${path}:${line}:${column}`)} allowed: ${reason}`,
    ),
  ];
}

function findingLine(
  path: string,
  { severity, rule, line, column, message, hint }: CheckFinding,
  { colours, signs }: Page,
) {
  const paint = severity === "error" ? colours.red : severity === "warning" ? colours.yellow : colours.cyan;
  const head = `${paint(severity)} ${message} ${colours.dim(`[${rule}] ${path}:${line}:${column}`)}`;
  return hint === "" ? [head] : [head, `  ${signs.arrow} ${hint}`];
}

function migrationLines({ migrations }: Validation, page: Page): string[] {
  if (!migrations) return [];
  const { files, ran, failed, notRehearsed, errors } = migrations.summary;
  const counted = [
    `${ran} ran`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(notRehearsed > 0 ? [`${notRehearsed} not rehearsed`] : []),
  ];
  const mark = migrations.ok ? page.colours.green(page.signs.yes) : page.colours.red(page.signs.no);
  const found = migrations.files.flatMap((file) =>
    file.findings
      .filter(({ severity }) => severity === "error")
      .flatMap((finding) => findingLine(finding.file ?? file.path, finding, page)),
  );
  const more = errors > 0 || failed > 0 ? ["  change-mgmt check says more"] : [];
  return [...found, `${mark} ${page.colours.bold("Migrations")} ${files}: ${counted.join(", ")}`, ...more];
}

function summaryLine({ ok, summary }: Validation, { colours, signs }: Page): string {
  const counts = [
    [summary.errors, "error", "errors"],
    [summary.warnings, "warning", "warnings"],
    [summary.infos, "remark", "remarks"],
    [summary.waived, "allowed", "allowed"],
  ] as const;
  const found = counts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  const { real, stub, missing, unknown } = summary.methods;
  const what = `${real} of ${real + stub + missing + unknown} methods real, ${summary.routes} routes, ${summary.calls} calls`;
  const line = `${what}; ${found.length > 0 ? found.join(", ") : "nothing found"}`;
  return ok ? colours.green(`${signs.yes} ${line}`) : colours.red(`${signs.no} ${line}`);
}
