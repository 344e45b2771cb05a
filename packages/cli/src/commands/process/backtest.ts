import { resolve } from "node:path";
import type { Backtest, BacktestedChange, PastChange } from "@change-mgmt/analysis/configuration/backtest.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import type { Page } from "../../output/page.ts";
import { oneLine } from "../../output/plain-text.ts";
import { refused, usage } from "../../stop.ts";

interface Tried extends Backtest {
  readonly process: string;
  readonly version: number;
}

/** So many changes are listed for people; the JSON document has them all. */
const LISTED = 50;

export const command = defineCommand({
  about: `Holds a process that is being written against the changes that went by it: what its form, conclusions, approvals, tests, steps and windows would have said otherwise, per change and in sum. Each change is judged by the version that it went by and by the proposed one, on what is known of it; who would have voted how nobody can know.
Exit code 0 whatever differs, 1 where the proposed process itself has problems: see process check.`,
  arguments: [{ name: "folder", about: "folder of the proposed process, with process.yaml" }],
  options: [
    { flags: "--process <name>", about: "process whose changes are taken; the one of the same name when left out" },
    { flags: "--since <date>", about: "only changes created since, such as 2026-01-01" },
  ],
  examples: [
    "change-mgmt process backtest processes/itil",
    "change-mgmt process backtest next/itil --since=2026-01-01 --json",
  ],
  parse(given) {
    const since = given.text("since");
    if (since !== undefined && Number.isNaN(Date.parse(since)))
      throw usage(`--since=${since} is no date.`, "Write it as 2026-01-31.");
    return {
      folder: given.word("folder"),
      process: given.text("process"),
      since: since === undefined ? undefined : new Date(since).toISOString(),
    };
  },
  async run(context, { folder, process: wanted, since }) {
    const { loadProcess } = await import("@change-mgmt/analysis/configuration/process-file.ts");
    const { backtest } = await import("@change-mgmt/analysis/configuration/backtest.ts");
    const loaded = await loadProcess(resolve(context.cwd, folder));
    if (!loaded.ok) throw refused(loaded.refusal);
    const { process: proposed, problems } = loaded.value;
    if (problems.length > 0)
      throw refused({
        code: "PROCESS_INVALID",
        message: `The proposed process has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}.`,
        hint: "Correct what is listed; `process check` tells the same.",
        problems,
      });
    const name = wanted ?? proposed.name;
    const history = await readHistory(context, name, since);
    const versions = await readVersions(context, name, history);
    const tried: Tried = { process: name, version: proposed.version, ...backtest(history, versions, proposed) };
    return answer(tried, lines);
  },
});

async function readHistory(context: Context, name: string, since: string | undefined): Promise<readonly PastChange[]> {
  const all: PastChange[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { limit: 200, ...(since === undefined ? {} : { since }), ...(cursor ? { cursor } : {}) };
    const page = await context.client("processes.history", { params: { name }, query });
    all.push(...(page.items as readonly PastChange[]));
    cursor = page.nextCursor;
    if (context.isTerminal && cursor) context.say(`${all.length} changes read`);
  } while (cursor);
  return all;
}

async function readVersions(
  context: Context,
  name: string,
  history: readonly PastChange[],
): Promise<ReadonlyMap<string, Process>> {
  const versions = new Map<string, Process>();
  for (const hash of new Set(history.map((past) => past.hash))) {
    const { process } = await context.client("processes.version", { params: { name, hash } });
    versions.set(hash, process as unknown as Process);
  }
  return versions;
}

function lines(tried: Tried, page: Page): string[] {
  const { colours } = page;
  const { changes, differing, sums, process, version } = tried;
  if (changes === 0) return [`No change went by ${process} yet.`];
  if (differing.length === 0)
    return [`${page.signs.yes} Of ${changes} changes the proposed ${process}, version ${version}, says the same.`];
  return [
    ...differing.slice(0, LISTED).flatMap((change) => changeLines(change, page)),
    ...(differing.length > LISTED ? [`… and ${differing.length - LISTED} more; --json has them all`] : []),
    "",
    colours.bold(
      `Of ${differing.length} of ${changes} changes the proposed ${process}, version ${version}, says something otherwise`,
    ),
    ...sums.flatMap(({ what, changes: count, ways }) => [
      `  ${what}: ${count}`,
      ...ways.map((way) => colours.dim(`    ${way.before} → ${way.after}: ${way.changes}`)),
    ]),
  ];
}

function changeLines({ number, title, status, otherwise }: BacktestedChange, { colours, signs }: Page): string[] {
  return [
    `${colours.bold(number)} ${oneLine(title)} ${colours.dim(status.replaceAll("_", " "))}`,
    ...otherwise.flatMap(({ what, before, after }) =>
      Array.isArray(before) && Array.isArray(after)
        ? [
            ...before.map((one) => `  ${what}: ${colours.red("-")} ${oneLine(String(one))}`),
            ...after.map((one) => `  ${what}: ${colours.green("+")} ${oneLine(String(one))}`),
          ]
        : [`  ${what}: ${word(before)} ${signs.arrow} ${word(after)}`],
    ),
  ];
}

function word(value: unknown): string {
  return oneLine(String(value ?? "not known"));
}
