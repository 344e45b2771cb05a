import { z } from "zod";

const time = z.iso.datetime().describe("RFC 3339, UTC");
const handle = z.string().min(1).max(100).describe("A person's handle");

/** A file as records keep it: bound to its bytes by their hash. */
export const CitedFile = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string().describe("Media type, recognised by content"),
    size: z.number().int().describe("In bytes"),
    sha256: z.string().describe("Of the bytes, in hex"),
  })
  .meta({ id: "CitedFile" });

/** Whether the asking person may do something, and why not. */
export const Permit = z
  .object({
    allowed: z.boolean(),
    code: z.string().optional(),
    reason: z.string().optional().describe("Why not, in the words of the rule"),
    hint: z.string().optional(),
  })
  .meta({ id: "Permit" });

export const Attachment = CitedFile.extend({
  change: z.string().describe("Number of the change"),
  declaredType: z.string().nullable().describe("What its sender called it"),
  by: handle,
  at: time,
  removed: z.object({ by: handle, at: time }).nullable(),
  steps: z.array(z.string()).describe("Completed steps that it is evidence of"),
  remove: Permit.describe("Whether the asking person may remove it now"),
}).meta({ id: "Attachment" });

export const Attachments = z
  .object({
    items: z.array(Attachment),
    attach: Permit.describe("Whether the asking person may attach a file now"),
    limits: z.object({
      bytes: z.number().int().describe("Of one file"),
      count: z.number().int().describe("Of one change"),
      types: z.string().describe("What may be attached, in words"),
    }),
  })
  .meta({ id: "Attachments" });

/** What goes with the bytes of a file. */
export const AttachFile = z.object({
  name: z.string().max(1000).describe("File name, without a path"),
  type: z.string().max(200).optional().describe("Media type as the sender knows it; the bytes decide"),
});
