import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Targets } from "../../assets/databases/target.ts";
import type { Handlers } from "../../commands/handler.ts";
import type { Db } from "../../storage/store.ts";
import { readDrift } from "./drift.ts";

/** What differs in an environment from its last known schema, over HTTP. */
export function driftRoutes({ db, targets }: { db: Db; targets: Targets }): Handlers {
  return {
    "environments.drift": async ({ actor, params }) => {
      const permitted = checkPermission(actor, "config.read");
      return permitted.ok ? await readDrift(db, targets, params.name) : permitted;
    },
  };
}
