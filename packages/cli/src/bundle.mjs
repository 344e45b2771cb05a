// What the set-up leaves of the command line in few files, so that a short run need not find, read and strip some hundred modules.
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the set-up puts the bundle; no repository that the program works on is written to. */
export const BUNDLE = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");

/**
 * The name of what a bundle tells of its sources: `files`, each a path relative to the bundle with its size in bytes and its time of
 * change in ms, and for each of the `commands`, by the words that call it, which of them it is made of, as positions among the files.
 */
export const SOURCES = "sources.json";

/**
 * Whether a bundle is there and nothing that the command of a line (without `node` and the script) is made of has changed since. Anything
 * amiss with it means no.
 */
export function isFresh(folder, line) {
  try {
    const { files, commands } = JSON.parse(readFileSync(join(folder, SOURCES), "utf8"));
    const words = line.filter((word) => !word.startsWith("-"));
    // A line that begins with the value of an option finds no command, and a word that no command has is none of these.
    const own = [words.slice(0, 2).join(" "), words[0] ?? ""].find((path) => Object.hasOwn(commands, path));
    const parts = own === undefined ? files : commands[own].map((at) => files[at]);
    return parts.every(([path, size, mtimeMs]) => {
      const stat = statSync(`${folder}/${path}`, { throwIfNoEntry: false });
      return stat?.size === size && stat.mtimeMs === mtimeMs;
    });
  } catch {
    // Without a bundle that can be read the sources are run, which always works.
    return false;
  }
}
