import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";

/** A migration as its file says it. */
export interface ReadMigration {
  readonly name: string;
  readonly up: string;
  readonly down: string | null;
  readonly transactional: boolean;
}

export async function readMigration(context: Context, file: string, down: string | undefined): Promise<ReadMigration> {
  return {
    name: file.split("/").at(-1)!,
    up: await readNamedFile(context, file),
    down: down === undefined ? null : await readNamedFile(context, down),
    transactional: true,
  };
}
