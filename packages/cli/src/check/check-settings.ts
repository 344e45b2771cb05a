import { dirname, join, relative, resolve } from "node:path";
import type { WorkspaceConfig } from "@change-mgmt/analysis/configuration/workspace-file.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";
import { cannotRun, refused, Stop } from "../stop.ts";
import { nearestFile, WORKSPACE_FILE } from "../workspace/nearest-file.ts";

/** What a repository has settled about being checked; everything is left out where it says nothing. */
export interface CheckSettings {
  /** The major version that its databases run. */
  readonly postgres?: number;
  /** Relative to the working folder. */
  readonly paths?: readonly string[];
  readonly newest?: number;
  /** Relative to the working folder. */
  readonly baseline?: string;
  readonly rules?: NonNullable<NonNullable<WorkspaceConfig["check"]>["rules"]>;
}

/**
 * Reads `check` and `postgres` of the change-mgmt.yaml of the working folder or the nearest folder above it, as far as the repository goes.
 * Stops with WORKSPACE_INVALID where the file is wrong, RULE_UNKNOWN where it names a rule that there is not.
 */
export async function readCheckSettings(context: Pick<Context, "cwd">): Promise<CheckSettings> {
  const file = nearestFile(resolve(context.cwd));
  if (file === null) return {};
  const name = relative(context.cwd, file) || WORKSPACE_FILE;
  const { loadWorkspaceFile } = await import("@change-mgmt/analysis/configuration/workspace-file.ts");
  const loaded = loadWorkspaceFile(await readNamedFile(context, file), name);
  if (!loaded.ok) throw new Stop(3, refused(loaded.refusal).trouble);
  const { check = {}, postgres } = loaded.value;
  await checkRules(Object.keys(check.rules ?? {}), name);
  const from = (path: string) => relative(context.cwd, join(dirname(file), path)) || ".";
  return {
    ...(postgres === undefined ? {} : { postgres }),
    ...(check.paths === undefined ? {} : { paths: check.paths.map(from) }),
    ...(check.newest === undefined ? {} : { newest: check.newest }),
    ...(check.baseline === undefined ? {} : { baseline: from(check.baseline) }),
    ...(check.rules === undefined ? {} : { rules: check.rules }),
  };
}

async function checkRules(named: readonly string[], file: string): Promise<void> {
  if (named.length === 0) return;
  const { RULES } = await import("@change-mgmt/domain/schema/rules/all.ts");
  const known = RULES.map(({ id }) => id);
  const stranger = named.find((rule) => !known.includes(rule));
  if (stranger !== undefined)
    throw cannotRun(
      "RULE_UNKNOWN",
      `${file} names the rule "${stranger}", which there is not.`,
      suggest(stranger, known),
      {
        place: { file },
      },
    );
}
