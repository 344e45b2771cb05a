import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { BoardMeeting, MeetingState } from "@change-mgmt/domain/lifecycle/approval/meeting.ts";
import type { Selectable } from "kysely";
import { isId } from "./ids.ts";
import type { Db, Tx } from "./store.ts";
import type { Tables } from "./tables.ts";

export type MeetingRow = Selectable<Tables["board_meetings"]>;
export type AttendanceRow = Selectable<Tables["meeting_attendance"]>;

/** A meeting as it is kept, with whoever came, in the order in which they did. */
export interface KeptMeeting {
  readonly row: MeetingRow;
  readonly attendance: readonly AttendanceRow[];
}

/** A meeting; locked until the transaction ends where asked, so that nobody votes in it while it is closed. Refuses with NOT_FOUND. */
export async function loadMeeting(
  db: Db | Tx,
  id: string,
  lock: "none" | "share" | "own",
): Promise<Outcome<KeptMeeting>> {
  const select = db.selectFrom("board_meetings").selectAll().where("id", "=", id);
  const locked = lock === "none" ? select : lock === "share" ? select.forShare() : select.forUpdate();
  const row = isId(id) ? await locked.executeTakeFirst() : undefined;
  if (row === undefined)
    return refuse("NOT_FOUND", `There is no meeting ${id}.`, "The list of a board's meetings names them.");
  return accept({ row, attendance: await attendanceOf(db, [id]) });
}

/** Meetings of a board, the latest first. */
export async function listMeetings(
  db: Db | Tx,
  { process, board }: { readonly process: string; readonly board: string },
  limit: number,
): Promise<KeptMeeting[]> {
  const rows = await db
    .selectFrom("board_meetings")
    .selectAll()
    .where("process", "=", process)
    .where("board", "=", board)
    .orderBy("from_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  const attendance = await attendanceOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ row, attendance: attendance.filter(({ meeting_id }) => meeting_id === row.id) }));
}

/** When the meetings of a board begin that were not called off and are not long over. */
export async function convenedTimes(tx: Tx, process: string, board: string, since: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom("board_meetings")
    .select("from_at")
    .where("process", "=", process)
    .where("board", "=", board)
    .where("state", "<>", "called-off")
    .where("from_at", ">=", since)
    .execute();
  return rows.map(({ from_at }) => from_at.toISOString());
}

/** The meeting as rules see it. */
export function meetingOf({ row, attendance }: KeptMeeting): BoardMeeting {
  return {
    id: row.id,
    process: row.process,
    board: row.board,
    state: row.state as MeetingState,
    from: row.from_at.toISOString(),
    urgent: row.urgent,
    convenedBy: row.convened_by,
    leader: row.opened_by,
    present: attendance.filter(({ left_at }) => left_at === null).map(({ person }) => person),
  };
}

async function attendanceOf(db: Db | Tx, ids: readonly string[]): Promise<AttendanceRow[]> {
  if (ids.length === 0) return [];
  return await db
    .selectFrom("meeting_attendance")
    .selectAll()
    .where("meeting_id", "in", ids)
    .orderBy("arrived_at")
    .orderBy("person")
    .execute();
}
