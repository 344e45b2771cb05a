import { resolve } from "node:path";
import type { CaseResult } from "@change-mgmt/analysis/configuration/cases.ts";
import type { Place, Problem } from "@change-mgmt/domain/change/refusal.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Page } from "../../output/page.ts";
import { refused } from "../../stop.ts";

interface CheckedProcess {
  readonly ok: boolean;
  readonly process: string;
  readonly version: number;
  readonly problems: readonly Problem[];
  readonly cases: { readonly count: number; readonly failed: readonly CaseResult[] };
}

export const command = defineCommand({
  about: `Checks a process: gaps and contradictions of its tables, words that nothing declares, stages nobody reaches or leaves, acts a stage is silent about, ways around form, validation, approval or windows, rows whose loss nobody would notice. Then runs its worked examples.
Exit code 0 when nothing was found, 1 with a problem or an example that comes out otherwise.`,
  arguments: [{ name: "folder", about: "folder with process.yaml and cases.yaml" }],
  examples: ["change-mgmt process check processes/itil", "change-mgmt process check processes/itil --json"],
  offline: true,
  parse: (given) => given.word("folder"),
  async run(context, folder) {
    const { loadProcess } = await import("@change-mgmt/analysis/configuration/process-file.ts");
    const { runCases } = await import("@change-mgmt/analysis/configuration/cases.ts");
    const source = resolve(context.cwd, folder);
    const loaded = await loadProcess(source);
    if (!loaded.ok) throw refused(loaded.refusal);
    const { process, problems } = loaded.value;
    const results = await runCases(process, source);
    if (!results.ok) throw refused(results.refusal);
    const failed = results.value.filter((result) => !result.ok);
    const ok = problems.length === 0 && failed.length === 0;
    const cases = { count: results.value.length, failed };
    const checked: CheckedProcess = { ok, process: process.name, version: process.version, problems, cases };
    return answer(checked, lines, ok ? 0 : 1);
  },
});

function lines({ ok, process, version, problems, cases }: CheckedProcess, { colours, signs }: Page): string[] {
  return [
    ...problems.flatMap(({ code, message, hint, place }) => [
      `${colours.red(signs.no)} ${at(place)}${message} ${colours.dim(code)}`,
      ...(hint === undefined ? [] : [`    ${hint}`]),
    ]),
    ...cases.failed.flatMap(({ id, title, source, differences, place }) => [
      `${colours.red(signs.no)} ${at(place)}${id}: ${title} ${colours.dim(source)}`,
      ...differences.map(
        ({ what, expected, actual }) =>
          `    ${what}: expected ${JSON.stringify(expected)}, is ${JSON.stringify(actual)}`,
      ),
    ]),
    ok
      ? `${colours.green(signs.yes)} ${process}, version ${version}: nothing found; ${cases.count} examples hold`
      : `${process}, version ${version}: ${problems.length} problems; ${cases.failed.length} of ${cases.count} examples come out otherwise`,
  ];
}

function at(place: Place | undefined): string {
  return place?.line === undefined ? "" : `${place.file}:${place.line}:${place.column ?? 1}: `;
}
