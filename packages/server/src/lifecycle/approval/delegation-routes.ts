import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import type { Db } from "../../storage/store.ts";
import { endDelegation, makeDelegation, readDelegations } from "./delegations.ts";

/** Who votes for whom, over HTTP. */
export function delegationRoutes({ db, door }: { db: Db; door: Door }): Handlers {
  const thenDelegation = async (done: Outcome<{ id: string }>) =>
    done.ok ? accept((await readDelegations(db, { id: done.value.id }))[0]!) : done;
  return {
    "delegations.list": async ({ actor }) => {
      const permitted = checkPermission(actor, "people.read");
      return permitted.ok ? accept({ items: await readDelegations(db, {}) }) : permitted;
    },
    "delegations.make": async ({ body, ...request }) =>
      await thenDelegation(await door.execute(makeDelegation, body, request)),
    "delegations.end": async ({ params, ...request }) =>
      await thenDelegation(await door.execute(endDelegation, params, request)),
  };
}
