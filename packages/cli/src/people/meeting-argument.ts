import type { Client } from "@change-mgmt/api/client.ts";
import { usage } from "../stop.ts";
import { boardOf } from "./board-argument.ts";

/** How a meeting is named on a line. */
export const meetingArgument = {
  name: "meeting",
  about: "its id, or its board, such as itil/cab, for the one that is open or else the next that is convened",
};

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of the meeting that a word means. */
export async function meetingOf(client: Client, word: string): Promise<string> {
  if (ID.test(word)) return word;
  const { items } = await client("meetings.list", { params: await boardOf(client, word) });
  const open = items.find(({ state }) => state === "open");
  const next = items.filter(({ state }) => state === "convened").sort((a, b) => a.from.localeCompare(b.from))[0];
  const found = open ?? next;
  if (found !== undefined) return found.id;
  throw usage(
    `The board ${word} is in no meeting and convened for none.`,
    `Convene it: change-mgmt meeting convene ${word}`,
  );
}
