import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Handlers } from "../../commands/handler.ts";
import type { ProcessLibrary } from "../../storage/process-record.ts";
import type { Db } from "../../storage/store.ts";
import { standingChanges } from "./standing-changes.ts";

/** Processes over HTTP: as they are in force for new changes, and every version that changes may be pinned to. */
export function processRoutes({ db, processes }: { db: Db; processes: ProcessLibrary }): Handlers {
  const unknown = (name: string) =>
    refuse(
      "NOT_FOUND",
      `There is no process "${name}".`,
      `Processes here: ${processes
        .list()
        .map(({ process }) => process.name)
        .join(", ")}.`,
    );
  return {
    "processes.list": async ({ actor }) => {
      const permitted = checkPermission(actor, "config.read");
      if (!permitted.ok) return permitted;
      return accept({
        items: processes.list().map(({ process, hash }) => ({
          name: process.name,
          title: process.title,
          version: process.version,
          hash,
          types: process.types.map(({ id, title }) => ({ id, title })),
        })),
      });
    },
    "processes.get": async ({ actor, params: { name } }) => {
      const permitted = checkPermission(actor, "config.read");
      if (!permitted.ok) return permitted;
      const found = processes.inForce(name);
      return found ? accept({ name, hash: found.hash, process: { ...found.process } }) : unknown(name);
    },
    "processes.standing": async ({ actor, params: { name } }) => {
      const permitted = checkPermission(actor, "config.read");
      if (!permitted.ok) return permitted;
      const found = processes.inForce(name);
      return found ? accept({ items: await standingChanges(db, found.process, new Date()) }) : unknown(name);
    },
    "processes.versions": async ({ actor, params: { name } }) => {
      const permitted = checkPermission(actor, "config.read");
      if (!permitted.ok) return permitted;
      const items = await processes.versions(db, name);
      return items.length > 0 ? accept({ items }) : unknown(name);
    },
    "processes.version": async ({ actor, params: { name, hash } }) => {
      const permitted = checkPermission(actor, "config.read");
      if (!permitted.ok) return permitted;
      const found = await processes.version(db, name, hash);
      if (found) return accept({ name, ...found, process: { ...found.process } });
      if ((await processes.versions(db, name)).length === 0) return unknown(name);
      return refuse(
        "NOT_FOUND",
        `The process "${name}" never had a version with the hash ${hash} in force here.`,
        "The list of its versions has their hashes.",
      );
    },
  };
}
