import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { ImpactReport, OwnedComponent } from "@change-mgmt/analysis/repository/impact/report.ts";
import type { ImplementationSettings } from "@change-mgmt/analysis/repository/implementations/read-implementations.ts";
import { answer, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";
import { writeFully } from "../io.ts";
import { cannotRun, Stop, usage } from "../stop.ts";
import { readComponents } from "../validate/components.ts";
import { readValidationSettings } from "../validate/validation-settings.ts";

const FORMATS = ["text", "json", "markdown"] as const;
type Format = (typeof FORMATS)[number];

interface Input {
  readonly migration: string;
  readonly path: string;
  readonly format: Format;
}

export const command = defineCommand<Input>({
  about: `Follows what a migration touches through the code of a repository: tables and columns, what reads or writes them (query builders, SQL in strings, models of Prisma and Drizzle), methods of repositories, endpoints, methods of clients and who calls them, components and teams, each with its place, and for whom it is breaking. What cannot be followed is said.
Components and teams are those of change-mgmt.yaml. Needs no server and runs no code of the repository.`,
  options: [
    { flags: "--migration <file>", about: "the migration; its way there counts" },
    { flags: "--path <folder>", about: "the repository; the working folder when left out" },
    { flags: "--format <format>", about: "how it is written", choices: FORMATS },
  ],
  examples: [
    "change-mgmt impact --migration=db/migrations/0042_add_nickname.sql",
    "change-mgmt impact --migration=up.sql --path=../shop --format=markdown > impact.md",
  ],
  offline: true,
  document: async () => (await import("@change-mgmt/api/impact.ts")).ImpactDocument,
  parse: (given) => {
    const migration = given.text("migration");
    if (migration === undefined) throw usage("impact needs a migration.", "Write --migration=FILE.");
    return {
      migration,
      path: given.text("path") ?? ".",
      format: (given.text("format") as Format | undefined) ?? "text",
    };
  },
  async run(context, input) {
    const report = await impactNow(context, input);
    if (input.format === "markdown" && !context.json) {
      const { impactMarkdown } = await import("../impact/markdown.ts");
      await writeFully(context.stdout, impactMarkdown(report));
      return { document: undefined, lines: () => [], exit: 0 };
    }
    const { impactLines } = await import("../impact/page.ts");
    return answer(report, (clean, page) => impactLines(clean, page));
  },
});

async function impactNow(context: Context, { migration, path }: Input): Promise<ImpactReport> {
  const folder = resolve(context.cwd, path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    const detail = `There is no folder ${path}.`;
    throw new Stop(2, { code: "PATH_NOT_FOUND", detail, hint: "Name the folder of a repository." });
  }
  const text = await readNamedFile(context, migration);
  const shown = relative(context.cwd, resolve(context.cwd, migration)) || migration;
  const [{ readTouches }, { readImpact }, { diskReader }] = await Promise.all([
    import("@change-mgmt/analysis/repository/impact/read-touches.ts"),
    import("@change-mgmt/analysis/repository/impact/read-impact.ts"),
    import("@change-mgmt/analysis/repository/disk-reader.ts"),
  ]);
  const touches = await readTouches(resolve(context.cwd, migration), text);
  if (!touches.ok) {
    const { code, message, hint, place } = touches.refusal;
    throw cannotRun(code, message, hint, place ? { place: { ...place, file: shown } } : {});
  }
  const settings: ImplementationSettings = await readValidationSettings(folder);
  const components: readonly OwnedComponent[] = await readComponents(folder);
  return await readImpact(diskReader(folder), shown, touches.value, components, settings);
}
