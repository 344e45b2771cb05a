import { type Answer, answer, type OptionSpec } from "../command.ts";
import type { Context } from "../context.ts";
import { type ChangeDossier, changePage } from "./change-page.ts";
import type { Depth } from "./explanation-tree.ts";
import { fetchDossier } from "./fetch-change.ts";

/** The page of one change; as a document, the change with `validation`, `deployments` and `comments` beside its own keys. */
export async function showChange(context: Context, id: string, depth: Depth): Promise<Answer> {
  const { change, ...more } = await fetchDossier(context, id);
  return answer({ ...change, ...more }, ({ validation, deployments, comments, ...clean }, page) => {
    const dossier: ChangeDossier = { change: clean, validation, deployments, comments };
    return changePage(dossier, depth, page);
  });
}

export const explainOption: OptionSpec = {
  flags: "--explain",
  about: "every row of the approvals, those that do not apply too",
};
