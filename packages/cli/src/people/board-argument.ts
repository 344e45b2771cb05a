import type { Client } from "@change-mgmt/api/client.ts";
import { usage } from "../stop.ts";

/** How a board is named on a line. */
export const boardArgument = { name: "board", about: "its id, such as cab, or with its process, such as itil/cab" };

/** The process and id of the board that a word means; one id of several processes has to be said with its process. */
export async function boardOf(
  client: Client,
  word: string,
): Promise<{ readonly name: string; readonly board: string }> {
  const { items } = await client("boards.list");
  const found = items.filter(({ process, id }) => word === id || word === `${process}/${id}`);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return { name: only.process, board: only.id };
  const names = (found.length > 0 ? found : items).map(({ process, id }) => `${process}/${id}`);
  throw usage(
    found.length > 0 ? `Several processes have a board "${word}".` : `There is no board "${word}".`,
    names.length === 0 ? "No process in force has a board." : `Boards: ${names.join(", ")}.`,
  );
}
