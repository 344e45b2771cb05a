import type { EventHandler } from "../outbox/handler.ts";
import { loadChange } from "../storage/change-record.ts";
import { crossing } from "../storage/crossing.ts";
import type { Db } from "../storage/store.ts";
import { type About, meetingNoticeOf, noticeOf, TOLD_BY_MAIL, type Told } from "./notices.ts";
import { NoticeRefused, type Notifier } from "./notifier.ts";

export interface MailTools {
  readonly db: Db;
  readonly notifier: Notifier;
  /** Where people reach the server; undefined: no links. */
  readonly publicAddress: string | undefined;
  readonly say: (line: string) => void;
}

/**
 * Mails people what they have to act on, each at most once about an event: it is written down before it is sent, and taken back only where the
 * other side says that it has not taken it. Whoever has no address, or is not here any more, gets nothing.
 */
export function mailPeople(tools: MailTools): EventHandler {
  return {
    name: "mail-people",
    events: TOLD_BY_MAIL,
    retries: 8,
    retryDelaySeconds: 10,
    concurrency: 1,
    async handle({ key, event, changeId, details }) {
      const { db } = tools;
      const meeting = meetingNoticeOf(event, details);
      if (meeting !== undefined) {
        const room = `/boards/${encodeURIComponent(String(details.process))}/${encodeURIComponent(String(details.board))}`;
        return await mailAll(tools, key, meeting, room);
      }
      const found = changeId === null ? undefined : await loadChange(db, changeId);
      if (!found?.ok) return;
      const { number, title, requester } = found.value;
      const about: About = {
        number,
        title: title.replace(/[\r\n]+/g, " "),
        requester,
        deployedBy: await deployer(db, details),
      };
      const told = noticeOf(event, about, details);
      if (told !== undefined) await mailAll(tools, key, told, `/changes/${number}`);
    },
  };
}

/** Mails everybody who is to be told and can be, with a link to the page that it is about. */
async function mailAll(tools: MailTools, key: string, told: Told, page: string): Promise<void> {
  if (told.handles.length === 0) return;
  const people = await tools.db
    .selectFrom("users")
    .select(["handle", "email"])
    .where("handle", "in", [...told.handles])
    .where("email", "is not", null)
    .where("disabled_at", "is", null)
    .orderBy("handle")
    .execute();
  const link = tools.publicAddress === undefined ? [] : ["", `${tools.publicAddress}${page}`];
  const text = `${[...told.lines, ...link].join("\n")}\n`;
  for (const { handle, email } of people) await mail(tools, key, handle, { to: email!, subject: told.subject, text });
}

async function deployer(db: Db, details: Readonly<Record<string, unknown>>): Promise<string | null> {
  if (typeof details.deployment !== "string") return null;
  const row = await db
    .selectFrom("deployments")
    .select("requested_by")
    .where("id", "=", details.deployment)
    .executeTakeFirst();
  return row?.requested_by ?? null;
}

async function mail(
  { db, notifier, say }: MailTools,
  key: string,
  handle: string,
  notice: Parameters<Notifier["send"]>[0],
): Promise<void> {
  const taken = await db
    .insertInto("mails")
    .values({ event_key: key, handle, sent_at: new Date() })
    .onConflict((conflict) => conflict.doNothing())
    .returning("handle")
    .executeTakeFirst();
  if (taken === undefined) return;
  try {
    await crossing("notice.send", () => notifier.send(notice));
  } catch (error) {
    if (error instanceof NoticeRefused) {
      say(`no mail for ${handle}: ${error.message}`);
      return;
    }
    await db.deleteFrom("mails").where("event_key", "=", key).where("handle", "=", handle).execute();
    throw error;
  }
}
