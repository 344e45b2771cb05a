import { resolve } from "node:path";
import type { ValidationSettings } from "@change-mgmt/analysis/repository/validation/validate-repository.ts";
import { readNamedFile } from "../files.ts";
import { refused, Stop } from "../stop.ts";
import { nearestFile, WORKSPACE_FILE } from "../workspace/nearest-file.ts";

/**
 * Reads `validate` of the change-mgmt.yaml that stands in a folder itself: its paths are those of the repository. Stops with
 * WORKSPACE_INVALID where the file is wrong.
 */
export async function readValidationSettings(folder: string): Promise<ValidationSettings> {
  if (nearestFile(folder) !== resolve(folder, WORKSPACE_FILE)) return {};
  const text = await readNamedFile({ cwd: folder }, WORKSPACE_FILE);
  const [{ loadWorkspaceFile }, { readYaml }] = await Promise.all([
    import("@change-mgmt/analysis/configuration/workspace-file.ts"),
    import("@change-mgmt/analysis/configuration/yaml-file.ts"),
  ]);
  const loaded = loadWorkspaceFile(text, WORKSPACE_FILE);
  if (!loaded.ok) throw new Stop(3, refused(loaded.refusal).trouble);
  const places = readYaml(text, WORKSPACE_FILE, "WORKSPACE_INVALID");
  const { interfaces, backends, internalRoutes, waivers = [] } = loaded.value.validate ?? {};
  return {
    ...(interfaces && { interfaces }),
    ...(backends && { backends }),
    ...(internalRoutes && { internalRoutes }),
    waivers: waivers.map((waiver, index) => {
      const { line = 1, column = 1 } = places.ok ? places.value.placeOf(["validate", "waivers", index]) : {};
      return { ...withoutEmpty(waiver), place: { file: WORKSPACE_FILE, line, column } };
    }),
  };
}

function withoutEmpty<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
