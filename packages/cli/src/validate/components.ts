import { resolve } from "node:path";
import type { OwnedComponent } from "@change-mgmt/analysis/repository/impact/report.ts";
import { readNamedFile } from "../files.ts";
import { refused, Stop } from "../stop.ts";
import { nearestFile, WORKSPACE_FILE } from "../workspace/nearest-file.ts";

/** The components that the change-mgmt.yaml in a folder itself names; none without one. Stops with WORKSPACE_INVALID where it is wrong. */
export async function readComponents(folder: string): Promise<readonly OwnedComponent[]> {
  if (nearestFile(folder) !== resolve(folder, WORKSPACE_FILE)) return [];
  const { loadWorkspaceFile } = await import("@change-mgmt/analysis/configuration/workspace-file.ts");
  const loaded = loadWorkspaceFile(await readNamedFile({ cwd: folder }, WORKSPACE_FILE), WORKSPACE_FILE);
  if (!loaded.ok) throw new Stop(3, refused(loaded.refusal).trouble);
  return loaded.value.components.map(({ name, path, team }) => ({ name, path: path.replace(/^\.\/(?=.)/, ""), team }));
}
