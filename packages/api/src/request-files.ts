import { z } from "zod";
import { Artifact } from "./changes.ts";
import { Place } from "./problem.ts";

/** Longer texts are no change requests. */
export const FILE_CHARACTERS = 200_000;
export const FILE_LINES = 5_000;

/** A change request in a file: Markdown or YAML by the process's template, or a CSV file with one in each row. */
export const RequestFileText = z
  .object({
    name: z
      .string()
      .min(1)
      .max(255)
      .describe("Name of the file; its ending says how it is read: .md, .yaml, .yml or .csv"),
    text: z.string().max(FILE_CHARACTERS),
    process: z
      .string()
      .max(100)
      .optional()
      .describe("The process whose form it fills in; left out, the one whose template it is"),
  })
  .meta({ id: "RequestFileText" });

export const ReadRequest = z
  .object({
    fields: z.record(z.string(), z.unknown()),
    artifacts: z.array(Artifact),
    remarks: z.array(z.string()).describe("What the file says and the product keeps by itself, such as the requester"),
    problems: z
      .array(z.object({ code: z.string(), message: z.string(), hint: z.string().optional(), place: Place.optional() }))
      .describe("What could not be understood, with its line; none of it is in the fields"),
  })
  .meta({ id: "ReadRequest" });

export const ReadRequests = z
  .object({ process: z.string(), requests: z.array(ReadRequest) })
  .meta({ id: "ReadRequests" });

export const WrittenFile = z.object({ name: z.string(), text: z.string() }).meta({ id: "WrittenFile" });
