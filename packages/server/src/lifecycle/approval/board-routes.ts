import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { meetingCalendar, nextMeetings } from "@change-mgmt/domain/process/meetings.ts";
import type { Handlers } from "../../commands/handler.ts";
import type { ProcessLibrary } from "../../storage/process-record.ts";
import type { Db } from "../../storage/store.ts";
import { boardInForce, readAgenda, readBoards } from "./agenda.ts";

/** About a year of a weekly meeting. */
const MEETINGS = 52;

/** Boards over HTTP: who sits on them, what waits for them, when they meet. */
export function boardRoutes({ db, processes }: { db: Db; processes: ProcessLibrary }): Handlers {
  return {
    "boards.list": async ({ actor }) => {
      const permitted = checkPermission(actor, "config.read");
      return permitted.ok ? accept({ items: await readBoards(db, processes, new Date()) }) : permitted;
    },
    "boards.agenda": async ({ actor, params }) => {
      const permitted = checkPermission(actor, "change.read");
      if (!permitted.ok) return permitted;
      const found = boardInForce(processes, params.name, params.board);
      return found.ok ? accept(await readAgenda(db, processes, found.value, new Date())) : found;
    },
    "boards.calendar": async ({ actor, params }) => {
      const permitted = checkPermission(actor, "config.read");
      if (!permitted.ok) return permitted;
      const found = boardInForce(processes, params.name, params.board);
      if (!found.ok) return found;
      const { id, title, meets } = found.value.board;
      if (meets === undefined)
        return refuse("NOT_FOUND", `${title} has no meetings.`, "Its process may say when it meets.");
      const now = new Date().toISOString();
      const file = meetingCalendar(`${params.name}-${id}`, title, nextMeetings(meets, now, MEETINGS), now);
      return accept({
        pieces: (async function* () {
          yield file;
        })(),
        fileName: `${params.name}-${id}.ics`,
      });
    },
  };
}
