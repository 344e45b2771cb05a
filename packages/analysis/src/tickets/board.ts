import { lstat, open, readdir, realpath } from "node:fs/promises";
import { join, posix, relative, resolve, sep } from "node:path";
import type { Problem } from "@change-mgmt/domain/change/refusal.ts";
import { FOLDERS, type Folder } from "@change-mgmt/domain/tickets/in-step.ts";
import { isTemplate, LARGEST_TICKET, readTicket, type Ticket } from "./ticket.ts";

/** A component whose configuration names a board, and the folder of it relative to the repository's root. */
export interface BoardPlace {
  readonly component: string;
  readonly folder: string;
}

/** A ticket and where it lies. */
export interface LyingTicket extends Ticket {
  readonly component: string;
  /** The file's name without its ending. */
  readonly key: string;
  readonly folder: Folder;
  /** Relative to the repository's root, with forward slashes. */
  readonly file: string;
}

export interface BoardsRead {
  /** By component and key, each in the order of the boards and of their keys. */
  readonly tickets: readonly LyingTicket[];
  /** Files that are no tickets, and what of tickets could not be read. */
  readonly problems: readonly Problem[];
  /** Files that tickets are copied from. */
  readonly templates: readonly string[];
}

/**
 * Reads the boards of a repository: in each folder a state, in each Markdown file of it a ticket. A folder that is not there holds none. Files
 * behind links, larger than a ticket or lying in two folders at once are problems and no tickets, as is a board outside of the repository.
 */
export async function readBoards(root: string, boards: readonly BoardPlace[]): Promise<BoardsRead> {
  const tickets: LyingTicket[] = [];
  const problems: Problem[] = [];
  const templates: string[] = [];
  const top = await realpath(root);
  for (const { component, folder: board } of boards) {
    const found: LyingTicket[] = [];
    for (const state of FOLDERS) {
      const folder = resolve(top, board, state);
      if (!(await isWithin(top, folder))) {
        problems.push({
          code: "BOARD_OUTSIDE",
          message: `The board of ${component} lies outside of the repository: ${board}/${state}.`,
          hint: "Name a folder of the repository itself in change-mgmt.yaml.",
        });
        continue;
      }
      for (const name of await filesIn(folder, problems)) {
        const path = join(folder, name);
        const file = relative(top, path).split(sep).join(posix.sep);
        const text = await textIn(path, file, problems);
        if (text === undefined) continue;
        const key = name.replace(/\.md$/i, "");
        if (isTemplate(key, text)) {
          templates.push(file);
          continue;
        }
        const read = readTicket(text, file);
        problems.push(...read.problems);
        if (read.ticket !== undefined) found.push({ ...read.ticket, component, key, folder: state, file });
      }
    }
    for (const [key, ones] of Map.groupBy(found, (ticket) => ticket.key)) {
      if (ones.length === 1) tickets.push(ones[0]!);
      else
        problems.push({
          code: "TICKET_TWICE",
          message: `The ticket ${key} of ${component} lies in ${ones.map((ticket) => ticket.folder).join(" and ")}.`,
          hint: "Leave it in one of them.",
          place: { file: ones[0]!.file },
        });
    }
  }
  return { tickets, problems, templates };
}

async function filesIn(folder: string, problems: Problem[]): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => /\.md$/i.test(name) && !/^readme\.md$/i.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    problems.push(unreadable(folder, error));
    return [];
  }
}

async function textIn(path: string, file: string, problems: Problem[]): Promise<string | undefined> {
  try {
    const seen = await lstat(path);
    if (!seen.isFile() || seen.size > LARGEST_TICKET) {
      const why = seen.isFile() ? `is larger than ${LARGEST_TICKET / 1000} kB` : "is not a file of its own";
      problems.push({
        code: "TICKET_INVALID",
        message: `${file} ${why}.`,
        hint: "Put the ticket's text there itself, and the rest elsewhere.",
        place: { file },
      });
      return undefined;
    }
    await using handle = await open(path, "r");
    return await handle.readFile("utf8");
  } catch (error) {
    problems.push(unreadable(file, error));
    return undefined;
  }
}

function unreadable(file: string, error: unknown): Problem {
  return {
    code: "FILE_UNREADABLE",
    message: `${file} cannot be read: ${(error as Error).message}.`,
    hint: "Check who may read it.",
    place: { file },
  };
}

/** Whether a folder, followed through links as far as it is there, lies within another. */
async function isWithin(top: string, folder: string): Promise<boolean> {
  const real = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return folder;
    throw error;
  });
  return real.startsWith(top + sep);
}
