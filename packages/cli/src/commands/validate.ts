import { statSync } from "node:fs";
import { resolve } from "node:path";
import { answer, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { writeFully } from "../io.ts";
import { Stop } from "../stop.ts";
import type { Validation } from "../validate/validation.ts";

const FORMATS = ["text", "json", "sarif", "github", "gitlab", "junit"] as const;
type Format = (typeof FORMATS)[number];

interface Input {
  readonly path: string;
  readonly format: Format;
  readonly migrations: boolean;
  readonly textOnly: boolean;
  readonly cache: boolean;
}

export const command = defineCommand<Input>({
  about: `Says from the code itself whether an implementation is complete: which method of which repository interface is real, a stub or missing in which backend; which routes have no client and which calls no route, by method and path; and its migrations as check judges them. What cannot be told is said with the reason.
Needs no server, runs no code of the repository and writes nothing into it. What a repository has settled stands in its change-mgmt.yaml under validate: interfaces, backends, internalRoutes, and waivers, each with a reason, an owner and the last day on which it counts.
Exit code 1 with an error among the findings or a migration that fails.`,
  options: [
    { flags: "--path <folder>", about: "the repository; the working folder when left out" },
    { flags: "--format <format>", about: "how the verdict is written", choices: FORMATS },
    { flags: "--no-migrations", about: "leave the migrations to check" },
    { flags: "--text-only", about: "only read the migrations; run nothing" },
    { flags: "--no-cache", about: "keep nothing in the user's cache folder and use nothing of it" },
  ],
  examples: [
    "change-mgmt validate",
    "change-mgmt validate --path=../shop --json",
    "change-mgmt validate --no-migrations --format=sarif > validate.sarif",
  ],
  offline: true,
  document: async () => (await import("@change-mgmt/api/validate.ts")).ValidateDocument,
  parse: (given) => ({
    path: given.text("path") ?? ".",
    format: (given.text("format") as Format | undefined) ?? "text",
    migrations: given.flag("migrations"),
    textOnly: given.flag("textOnly"),
    cache: given.flag("cache"),
  }),
  async run(context, input) {
    const validation = await validateNow(context, input);
    const exit = validation.ok ? 0 : 1;
    const written = context.json ? null : await machineText(input.format, validation);
    if (written === null) {
      const { validationLines } = await import("../validate/page.ts");
      return answer(validation, (clean, page) => validationLines(clean, page), exit);
    }
    await writeFully(context.stdout, written);
    return { document: undefined, lines: () => [], exit };
  },
});

async function validateNow(context: Context, input: Input): Promise<Validation> {
  const folder = resolve(context.cwd, input.path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    const detail = `There is no folder ${input.path}.`;
    throw new Stop(2, { code: "PATH_NOT_FOUND", detail, hint: "Name the folder of a repository." });
  }
  const [{ validateRepository }, { diskReader }, { readValidationSettings }, { validationOf }] = await Promise.all([
    import("@change-mgmt/analysis/repository/validation/validate-repository.ts"),
    import("@change-mgmt/analysis/repository/disk-reader.ts"),
    import("../validate/validation-settings.ts"),
    import("../validate/validation.ts"),
  ]);
  const settings = await readValidationSettings(folder);
  const repository = validateRepository(diskReader(folder), settings, context.now().toISOString().slice(0, 10));
  if (!input.migrations) return validationOf(repository, null);
  const { checkMigrations } = await import("../validate/check-migrations.ts");
  return validationOf(repository, await checkMigrations(context, folder, input));
}

/** The validation in the words of a machine; null for those of people and for JSON, which every command prints alike. */
async function machineText(format: Format, validation: Validation): Promise<string | null> {
  const { filesOf } = await import("../validate/validation.ts");
  switch (format) {
    case "sarif":
      return (await import("../check/formats/sarif.ts")).sarif(filesOf(validation));
    case "github":
      return (await import("../check/formats/github.ts")).github(filesOf(validation));
    case "gitlab":
      return (await import("../check/formats/gitlab.ts")).gitlab(filesOf(validation));
    case "junit":
      return (await import("../validate/junit.ts")).validationJunit(validation);
    case "json":
    case "text":
      return null;
  }
}
