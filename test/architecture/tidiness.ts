import { lineAt, readSource } from "./source.ts";
import type { Tree, Violation } from "./tree.ts";

const MOST_ROOT_ENTRIES = 25;

/** Folders whose contents follow the house; examples/ are repositories of somebody else. */
const OURS = /^(packages|processes|scripts|test|benches|bin)\//;

/** Names that say nothing about what is inside. */
export function nameRules(tree: Tree): readonly Violation[] {
  const found = new Map<string, Violation>();
  for (const path of tree.keys()) {
    if (!OURS.test(path)) continue;
    const parts = path.split("/");
    for (const [at, part] of parts.entries()) {
      const stem = part.replace(/(\.test)?\.[a-z]+$/, "");
      const empty = /^(utils?|common|helpers?|misc)$|[a-z](-utils?|-helpers?)$/i.test(stem);
      const vague = /(^|[a-z-])(manager|service)$/i.test(stem);
      if (!empty && !vague) continue;
      const named = parts.slice(0, at + 1).join("/");
      found.set(named, {
        file: named,
        message: `"${stem}" says nothing about what is inside; name it after what it holds: a noun for a rule (quorum.ts), a verb and a noun for an effect (approve-change.ts).`,
      });
    }
  }
  return [...found.values()];
}

/** A root that can be read at a glance. */
export function rootRules(tree: Tree): readonly Violation[] {
  const entries = new Set([...tree.keys()].map((path) => path.split("/")[0]!));
  if (entries.size <= MOST_ROOT_ENTRIES) return [];
  return [
    {
      file: ".",
      message: `the root has ${entries.size} entries, more than ${MOST_ROOT_ENTRIES}: ${[...entries].sort().join(", ")}. Move documents to docs/, tasks to scripts/, and leave reports out.`,
    },
  ];
}

/** Comments that promise work instead of describing what is there, and tests that are switched off. */
export function textRules(tree: Tree): readonly Violation[] {
  const found: Violation[] = [];
  for (const [file, text] of tree) {
    if (!OURS.test(file) || !/\.(ts|tsx|mjs)$/.test(file)) continue;
    const source = readSource(text);
    for (const match of source.comments.matchAll(/\b(TODO|FIXME|XXX|HACK)\b/g)) {
      found.push({
        file,
        line: lineAt(text, match.index),
        message: `a comment says ${match[1]}; do it now, or open an issue and describe what is there.`,
      });
    }
    if (!/\.test\.tsx?$/.test(file)) continue;
    const off =
      /\b(?:test|it|describe|suite)(?:\.\w+)*\.(only|skip|todo)\s*[(<.]|\b(?:x(?:it|test|describe)|f(?:it|describe))\s*\(/g;
    for (const match of source.bare.matchAll(off)) {
      found.push({
        file,
        line: lineAt(text, match.index),
        message: `${match[0].slice(0, -1)} hides tests from a run; repair the test or delete it, and narrow a run with npm test -- <file> -t <name>.`,
      });
    }
  }
  return found;
}

/** Styles of all pages are there at once: a class that two files style looks, in each of them, the way the other wants it. */
export function styleRules(tree: Tree): readonly Violation[] {
  const owners = new Map<string, string>();
  const found: Violation[] = [];
  for (const [file, text] of tree) {
    if (!OURS.test(file) || !file.endsWith(".css")) continue;
    const own = new Set<string>();
    for (const match of text.matchAll(/^\.([a-z][\w-]*)/gm)) {
      const name = match[1]!;
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, file);
      else if (owner !== file && !own.has(name))
        found.push({
          file,
          line: lineAt(text, match.index),
          message: `.${name} is styled by ${owner} too, and both files are there on every page; name one of them after its own page.`,
        });
      own.add(name);
    }
  }
  return found;
}
