import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { z } from "zod";

const field = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
const shape = z.object({
  serverVersion: z.string(),
  objects: z.record(
    z.string(),
    z.object({ kind: z.string(), name: z.string(), of: z.string().optional(), fields: z.record(z.string(), field) }),
  ),
  dependencies: z.record(z.string(), z.array(z.string())).optional(),
});

/** Reads a schema that was kept as JSON, alone or as `schema` of a document; refuses with SNAPSHOT_INVALID. */
export function readSnapshot(text: string, file: string): Outcome<SchemaModel> {
  const invalid = (why: string) =>
    refuse(
      "SNAPSHOT_INVALID",
      `${file} holds no schema: ${why}.`,
      "Write one with change-mgmt schema snapshot SOURCE --json.",
      { place: { file } },
    );
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return invalid((error as Error).message);
  }
  const inner = (document as { schema?: unknown } | null)?.schema ?? document;
  const read = shape.safeParse(inner);
  if (read.success) return accept(read.data as SchemaModel);
  const [issue] = read.error.issues;
  return invalid(`${issue!.path.join(".") || "the document"}: ${issue!.message}`);
}
