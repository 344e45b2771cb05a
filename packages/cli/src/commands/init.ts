import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { WorkspaceDraft } from "@change-mgmt/analysis/repository/inventory/draft-workspace.ts";
import { answer, defineCommand } from "../command.ts";
import { onePiece, readNamedFile, writeWhole } from "../files.ts";
import type { Page } from "../output/page.ts";
import { cannotRun, Stop } from "../stop.ts";
import { WORKSPACE_FILE } from "../workspace/nearest-file.ts";

interface Input {
  readonly path: string;
  readonly print: boolean;
  readonly force: boolean;
}

/** What init says: what it found, what it did not recognise, and the file. */
interface Document extends WorkspaceDraft {
  readonly file: string;
  readonly written: boolean;
}

export const command = defineCommand<Input>({
  about: `Looks at a repository and writes its change-mgmt.yaml with comments: components (packages of the workspace, folders with a board), teams (CODEOWNERS), migrations, environments that its sample settings name, and what validate finds of interfaces, backends, routes and clients. What was not recognised is said. Everything can be changed in the file.
A file that is there is left alone unless --force is given.`,
  options: [
    { flags: "--path <folder>", about: "the repository; the working folder when left out" },
    { flags: "--print", about: "show the file and write nothing" },
    { flags: "--force", about: "replace a change-mgmt.yaml that is there" },
  ],
  examples: ["change-mgmt init", "change-mgmt init --print", "change-mgmt init --path=../shop --force"],
  offline: true,
  parse: (given) => ({ path: given.text("path") ?? ".", print: given.flag("print"), force: given.flag("force") }),
  async run(context, { path, print, force }) {
    const folder = resolve(context.cwd, path);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new Stop(2, {
        code: "PATH_NOT_FOUND",
        detail: `There is no folder ${path}.`,
        hint: "Name the folder of a repository.",
      });
    const file = join(folder, WORKSPACE_FILE);
    if (!print && !force && existsSync(file))
      throw new Stop(1, {
        code: "CONFIGURATION_EXISTS",
        detail: `There is a ${WORKSPACE_FILE} already.`,
        hint: "See what would be written with --print, or replace it with --force.",
      });
    const draft = await draftOf(folder);
    if (!print) await writeWhole(context, file, onePiece(draft.text), 0o644);
    const document: Document = { file, written: !print, ...draft };
    return answer(document, print ? (clean) => clean.text.trimEnd().split("\n") : draftLines);
  },
});

async function draftOf(folder: string): Promise<WorkspaceDraft> {
  const [{ draftWorkspace }, { readSurroundings }, { diskReader }, { loadWorkspaceFile }] = await Promise.all([
    import("@change-mgmt/analysis/repository/inventory/draft-workspace.ts"),
    import("@change-mgmt/analysis/repository/inventory/read-surroundings.ts"),
    import("@change-mgmt/analysis/repository/disk-reader.ts"),
    import("@change-mgmt/analysis/configuration/workspace-file.ts"),
  ]);
  const reader = diskReader(folder);
  const around = await readSurroundings(folder, reader, (name) => readNamedFile({ cwd: folder }, name));
  const draft = draftWorkspace(reader, around);
  // What is written has to be read by every other command.
  const loaded = loadWorkspaceFile(draft.text, WORKSPACE_FILE);
  if (!loaded.ok) throw cannotRun(loaded.refusal.code, loaded.refusal.message, loaded.refusal.hint);
  return draft;
}

function draftLines({ file, found, unrecognised }: Document, { colours, signs }: Page): string[] {
  return [
    ...found.map((one) => `${colours.green(signs.yes)} ${one}`),
    ...unrecognised.map((one) => `${colours.yellow(signs.open)} ${one}`),
    `${colours.bold(file)} is written; look through it, then: change-mgmt validate`,
  ];
}
