import { z } from "zod";

const time = z.iso.datetime();
const seconds = z.number().min(0).describe("Seconds");
const range = z.object({
  least: seconds,
  most: seconds.nullable().describe("null: nothing says how long it may be"),
});

/** What the rehearsed migrations of a change come to on the database of one environment. */
export const OnTarget = z
  .object({
    environment: z.string(),
    at: time.nullable().describe("When its statistics were looked at; null where they were not"),
    postgres: z.string().nullable(),
    notKnown: z
      .array(z.string())
      .describe("What could not be read or is not known, in sentences; none of it counts as fine"),
    rewrittenBytes: z.number().nullable().describe("null: not known"),
    blockedSeconds: z
      .number()
      .nullable()
      .describe("The longest that writers or everybody may be kept out of a table; null: not known"),
    basis: z.string().describe("On what the times rest, in a sentence"),
    migrations: z.array(
      z.object({
        artifact: z.string(),
        name: z.string(),
        statements: z.array(
          z.object({
            line: z.number().int(),
            kind: z.string(),
            time: range.describe("Once it has its locks"),
            rewrittenBytes: z.number(),
            scannedBytes: z.number(),
            words: z
              .array(z.string())
              .describe("How much, how long, whom it blocks and what holds it up now, in sentences"),
            locks: z.array(
              z.object({
                relation: z.string(),
                mode: z.string(),
                keepsOut: z.enum(["everybody", "writers", "nobody"]),
                held: range,
                writes: z.number().nullable().describe("Rows written each second; null: not known"),
                reads: z.number().nullable().describe("Reads begun each second; null: not known"),
                heldUpBy: z.array(
                  z.object({
                    pid: z.number().int().nullable(),
                    who: z.string(),
                    state: z.string().nullable(),
                    seconds: z.number().nullable(),
                  }),
                ),
              }),
            ),
          }),
        ),
      }),
    ),
    replicas: z
      .array(z.object({ name: z.string(), lagBytes: z.number().nullable() }))
      .nullable()
      .describe("Servers that follow it; null: not known"),
    settings: z.record(z.string(), z.string()),
  })
  .meta({ id: "OnTarget" });
