import { z } from "zod";

/** Where a problem is: a JSON pointer into the request, or a file with 1-based line and column. */
export const Place = z
  .object({
    pointer: z.string().optional(),
    file: z.string().optional(),
    line: z.number().int().optional(),
    column: z.number().int().optional(),
  })
  .meta({ id: "Place" });

/** RFC 9457 problem details; `code` is stable, `detail` is a sentence, `hint` says what to do. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    hint: z.string(),
    place: Place.optional(),
    problems: z
      .array(
        z.object({
          code: z.string(),
          message: z.string(),
          place: Place.optional(),
          hint: z.string().optional(),
        }),
      )
      .optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof Problem>;
