import { ProblemError } from "@change-mgmt/api/client.ts";
import type { Context } from "../context.ts";
import type { ChangeDossier } from "./change-page.ts";

/** Everything about one change, fetched with few waits. Only what the asking person may not see is left out. */
export async function fetchDossier(context: Context, id: string): Promise<ChangeDossier> {
  const params = { id };
  const change = await context.client("changes.get", { params });
  const [validation, deployments, comments] = await Promise.all([
    context.client("changes.validation", { params }).catch(noneYet),
    context.client("changes.deployments", { params }).then(({ items }) => items, hidden),
    context.client("changes.comments", { params, query: { limit: 20 } }).then(({ items }) => items, hidden),
  ]);
  return { change, validation, deployments, comments };
}

function noneYet(error: unknown): null {
  if (error instanceof ProblemError && error.problem.status < 500) return null;
  throw error;
}

function hidden(error: unknown): [] {
  noneYet(error);
  return [];
}
