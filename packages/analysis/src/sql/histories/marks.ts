import { below, type SourceTree } from "./source-tree.ts";

/** True when the text of one of a folder's SQL files matches. */
export async function anyText(
  tree: SourceTree,
  folder: string,
  files: readonly string[],
  pattern: RegExp,
): Promise<boolean> {
  for (const file of files) {
    if (!/\.sql$/i.test(file)) continue;
    const source = await tree.text(below(folder, file));
    if (source.ok && pattern.test(source.text)) return true;
  }
  return false;
}
