import type { Hold } from "@change-mgmt/api/workspace.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { z } from "zod";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import { loadHold } from "../../storage/hold-record.ts";
import { loadOccupied } from "../../storage/situation-record.ts";
import type { Db } from "../../storage/store.ts";
import { holdDeployments, releaseDeployments } from "./hold-deployments.ts";

/** Whether deployments are held, over HTTP: to see it, to hold them, to release them. */
export function holdRoutes({ db, door }: { db: Db; door: Door }): Handlers {
  const thenHold = async (outcome: Promise<Outcome<unknown>>) => {
    const done = await outcome;
    return done.ok ? accept(await readHold(db)) : done;
  };
  return {
    "hold.get": async ({ actor }) => {
      const permitted = checkPermission(actor, "change.read");
      return permitted.ok ? accept(await readHold(db)) : permitted;
    },
    "hold.set": ({ body, ...request }) => thenHold(door.execute(holdDeployments, body, request)),
    "hold.release": ({ body, ...request }) => thenHold(door.execute(releaseDeployments, body, request)),
  };
}

async function readHold(db: Db): Promise<z.input<typeof Hold>> {
  const unfinished = (await loadOccupied(db)).map(({ deployment, change, environment, direction, state }) => ({
    deployment,
    change,
    environment,
    direction,
    state,
  }));
  return { hold: await loadHold(db), unfinished };
}
