import type { SourceTree } from "./source-tree.ts";

/** The names that the nearest package.json of a folder depends on; none where there is no such file or it cannot be read. */
export async function dependenciesOf(tree: SourceTree, folder: string): Promise<ReadonlySet<string>> {
  const text = await tree.nearest(folder, "package.json");
  if (text === null) return new Set();
  try {
    const file = JSON.parse(text) as Record<string, unknown>;
    const parts = [file.dependencies, file.devDependencies].filter((part) => part !== null && typeof part === "object");
    return new Set(parts.flatMap((part) => Object.keys(part as object)));
  } catch (error) {
    // Without a readable file nothing is known of dependencies.
    if (error instanceof SyntaxError || error instanceof TypeError) return new Set();
    throw error;
  }
}
