import type { CallOutput } from "@change-mgmt/api/client.ts";
import type { Page } from "../output/page.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/times.ts";

/** Whether deployments are held, and what is unfinished. */
export async function holdLines({ hold, unfinished }: CallOutput<"hold.get">, page: Page): Promise<string[]> {
  const state =
    hold === null
      ? ["Deployments are not held."]
      : [`Deployments are held by ${hold.by} since ${ago(hold.since, page.now)}: ${hold.reason}`];
  if (unfinished.length === 0) return [...state, "No deployment is unfinished."];
  const rows = await table(
    unfinished,
    [
      { title: "unfinished", cell: (row) => row.deployment },
      { title: "change", cell: (row) => row.change },
      { title: "what", cell: (row) => row.direction },
      { title: "environment", cell: (row) => row.environment },
      { title: "state", cell: (row) => row.state },
    ],
    page,
  );
  const advice =
    hold === null
      ? []
      : [
          "See on each target how far it is. Stop what must not go on (change-mgmt deployment cancel ID --reason=…), then: change-mgmt deployment release",
        ];
  return [...state, ...rows, ...advice];
}
