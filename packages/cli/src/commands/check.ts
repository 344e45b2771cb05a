import { resolve } from "node:path";
import type { CheckReport } from "@change-mgmt/analysis/check/report.ts";
import { NEWEST, runCheck } from "../check/run-check.ts";
import { answer, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { onePiece, writeWhole } from "../files.ts";
import { writeFully } from "../io.ts";
import { cannotRun, Stop, usage } from "../stop.ts";

const FORMATS = ["text", "json", "sarif", "github", "gitlab", "junit"] as const;
type Format = (typeof FORMATS)[number];

interface Input {
  readonly paths: readonly string[];
  readonly textOnly: boolean;
  readonly base: string | null;
  readonly newest: number | null;
  readonly format: Format;
  readonly postgres: number | null;
  readonly propose: boolean;
  readonly against: string | null;
  readonly cache: boolean;
  readonly baseline: string | null;
  readonly writeBaseline: string | null;
}

export const command = defineCommand<Input>({
  about: `Finds the migrations of any common tool, reads them, runs each with its way back on a disposable Postgres, and says what it locks, rewrites and breaks, and what came back.
Needs no server and no network, and writes nothing into the repository; with SHADOW_DATABASE_URL it runs on that server, in databases of its own that it drops. Of each history the newest ${NEWEST} are rehearsed one by one, on the state that the others make.
What a repository has settled stands in its change-mgmt.yaml under check: paths, newest, baseline, rules with their weight, and postgres beside it; the command line goes before it.
A finding is allowed by a comment in the file: -- change-mgmt: allow <rule> because <reason>. Exit code 1 with an error among the findings or a migration that fails.`,
  arguments: [
    { name: "path", about: "files and folders; the working folder when left out", optional: true, rest: true },
  ],
  options: [
    { flags: "--text-only", about: "only read the files; run nothing" },
    { flags: "--base <ref>", about: "only what this branch adds to or changes of a ref of git, such as origin/main" },
    { flags: "--newest <count>", about: `how many are rehearsed one by one (${NEWEST} unless said)` },
    {
      flags: "--postgres <major>",
      about:
        "the major version of Postgres that the migrations are for, such as 15; the nearest embedded one of 16, 17 and 18 runs them",
    },
    {
      flags: "--against <address>",
      about:
        "start on the schema of a live database, which is only read, and rehearse what its ledger has not: postgres://…, or the name of a variable that holds it",
    },
    {
      flags: "--propose",
      about:
        "show the way back that could be written where there is none or a wrong one, rehearsed; it is written nowhere",
    },
    { flags: "--format <format>", about: "how the verdict is written", choices: FORMATS },
    { flags: "--baseline <file>", about: "findings in this file are known and not said again" },
    { flags: "--write-baseline <file>", about: "write the findings of now into a file, as the baseline of later" },
    { flags: "--no-cache", about: "keep nothing in the user's cache folder and use nothing of it" },
  ],
  examples: [
    "change-mgmt check",
    "change-mgmt check db/migrations --base=origin/main",
    "change-mgmt check db/migrations/0042_add_nickname.up.sql --json",
    "change-mgmt check --newest=1 --propose",
    "change-mgmt check --against=STAGING_DATABASE_URL",
    "change-mgmt check --text-only --format=sarif > change-mgmt.sarif",
  ],
  offline: true,
  document: async () => (await import("@change-mgmt/api/check.ts")).CheckDocument,
  parse: (given) => {
    const baseline = given.text("baseline") ?? null;
    const writeBaseline = given.text("writeBaseline") ?? null;
    if (baseline !== null && writeBaseline !== null)
      throw usage("--baseline and --write-baseline exclude each other.", "Write it first, then use it.");
    if (given.flag("textOnly") && given.flag("propose"))
      throw usage("--propose runs what --text-only leaves unrun.", "Leave one of the two out.");
    const against = given.text("against") ?? null;
    if (given.flag("textOnly") && against !== null)
      throw usage("--against is for running, which --text-only leaves out.", "Leave one of the two out.");
    return {
      paths: given.rest("path"),
      textOnly: given.flag("textOnly"),
      base: given.text("base") ?? null,
      newest: given.whole("newest", 1, 100_000) ?? null,
      format: (given.text("format") as Format | undefined) ?? "text",
      postgres: given.whole("postgres", 9, 99) ?? null,
      propose: given.flag("propose"),
      against,
      cache: given.flag("cache"),
      baseline,
      writeBaseline,
    };
  },
  async run(context, input) {
    const report = await checkNow(context, input);
    if (input.writeBaseline !== null) {
      const { writeBaseline } = await import("@change-mgmt/analysis/check/baseline.ts");
      await writeWhole(context, input.writeBaseline, onePiece(writeBaseline(report.files)), 0o644);
      context.say(`${input.writeBaseline} now holds what is known; use it with --baseline=${input.writeBaseline}.`);
    }
    const exit = report.ok || input.writeBaseline !== null ? 0 : 1;
    const written = await machineText(input.format, report);
    if (written === null || context.json) {
      return answer(
        report,
        async (clean, page) => {
          const { checkLines } = await import("../check/page.ts");
          return checkLines(clean, page, { cwd: context.cwd, rehearsed: !input.textOnly });
        },
        exit,
      );
    }
    await writeFully(context.stdout, written);
    return { document: undefined, lines: () => [], exit };
  },
});

async function checkNow(context: Context, input: Input): Promise<CheckReport> {
  const { format: _, writeBaseline, baseline, ...wishes } = input;
  const checked = await runCheck(context, {
    ...wishes,
    folder: resolve(context.cwd),
    // What is written as a baseline is everything that is found now.
    baseline: writeBaseline === null ? baseline : { nothing: true },
  });
  if (checked.ok) return checked.value;
  const { message, hint, code, place } = checked.refusal;
  throw code === "PATH_NOT_FOUND"
    ? new Stop(2, { code, detail: message, hint })
    : cannotRun(code, message, hint, place ? { place } : {});
}

/** The report in the words of a machine; null for those of people and for JSON, which every command prints alike. */
async function machineText(format: Format, report: CheckReport): Promise<string | null> {
  switch (format) {
    case "sarif":
      return (await import("../check/formats/sarif.ts")).sarif(report);
    case "github":
      return (await import("../check/formats/github.ts")).github(report);
    case "gitlab":
      return (await import("../check/formats/gitlab.ts")).gitlab(report);
    case "junit":
      return (await import("../check/formats/junit.ts")).junit(report);
    case "json":
    case "text":
      return null;
  }
}
