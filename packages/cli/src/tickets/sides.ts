import { dirname } from "node:path";
import { type BoardsRead, readBoards } from "@change-mgmt/analysis/tickets/board.ts";
import { ProblemError } from "@change-mgmt/api/client.ts";
import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";
import { listAll } from "../pages.ts";
import { cannotRun, refused, Stop, usage } from "../stop.ts";
import { nearestFile } from "../workspace/nearest-file.ts";
import type { KnownTicket, Sides, TicketChange } from "./plan.ts";

/** The boards of the repository that one stands in. */
export interface Repository {
  /** Folder of its change-mgmt.yaml. */
  readonly root: string;
  /** Boards by component, as the file names them; only those asked for, where any are. */
  readonly boards: ReadonlyMap<string, string>;
}

/** Finds the boards that change-mgmt.yaml names. Stops with BOARDS_MISSING where it names none, WORKSPACE_INVALID where it is wrong. */
export async function findBoards(
  context: Pick<Context, "cwd">,
  folder: string,
  components: readonly string[],
): Promise<Repository> {
  const file = nearestFile(folder);
  if (file === null)
    throw cannotRun(
      "BOARDS_MISSING",
      "There is no change-mgmt.yaml here or above.",
      "Stand in a repository that has one, or name its folder: --path=DIR.",
    );
  const { loadWorkspaceFile } = await import("@change-mgmt/analysis/configuration/workspace-file.ts");
  const loaded = loadWorkspaceFile(await readNamedFile(context, file), file);
  if (!loaded.ok) throw new Stop(3, refused(loaded.refusal).trouble);
  const all = new Map(
    loaded.value.components.flatMap(({ name, board }) => (board === undefined ? [] : [[name, board] as const])),
  );
  const stranger = components.find((name) => !all.has(name));
  if (stranger !== undefined)
    throw usage(
      `${stranger} is no component with a board.`,
      all.size === 0
        ? "No component of change-mgmt.yaml names a board."
        : `With a board: ${[...all.keys()].join(", ")}.`,
    );
  if (all.size === 0)
    throw cannotRun(
      "BOARDS_MISSING",
      `No component of ${file} names a board.`,
      "Give a component its folder: board: data-layer/.component-board",
    );
  const boards = new Map([...all].filter(([name]) => components.length === 0 || components.includes(name)));
  return { root: dirname(file), boards };
}

/** Reads both sides: the boards on disk, and what the server knows of tickets and of changes under way. */
export async function readSides(
  context: Context,
  { root, boards }: Repository,
): Promise<{ readonly sides: Sides; readonly read: BoardsRead }> {
  const { client } = context;
  const read = await readBoards(
    root,
    [...boards].map(([component, folder]) => ({ component, folder })),
  );
  const known: KnownTicket[] = [];
  const underWay = new Map<string, TicketChange[]>();
  for (const component of boards.keys()) {
    const tickets = await listAll(true, { component }, (query) => client("tickets.list", { query }));
    known.push(...tickets.items);
    const changes = await listAll(true, { component, active: "true" }, (query) => client("changes.list", { query }));
    underWay.set(component, changes.items);
  }
  const named = new Map<string, TicketChange>();
  for (const number of new Set(read.tickets.flatMap(({ change }) => change ?? []))) {
    const change = await changeOf(context, number);
    if (change !== undefined) named.set(number, change);
  }
  return { sides: { tickets: read.tickets, known, named, underWay }, read };
}

async function changeOf({ client }: Context, number: string): Promise<TicketChange | undefined> {
  try {
    return await client("changes.get", { params: { id: number } });
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return undefined;
    throw error;
  }
}
