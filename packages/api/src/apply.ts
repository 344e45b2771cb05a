import { z } from "zod";

const Problem = z.looseObject({ code: z.string(), message: z.string(), hint: z.string() });

/** The JSON document of `change-mgmt apply`. */
export const ApplyDocument = z.strictObject({
  ok: z.boolean(),
  dryRun: z.boolean(),
  database: z.string().describe("Host, port and name, without user and password"),
  folder: z.string(),
  tool: z.string().describe("The migration tool, or plain"),
  ledger: z
    .string()
    .nullable()
    .describe("The tool whose own ledger is read and written besides ours; null where it has none that is kept"),
  before: z.int().describe("How many migrations the database had before"),
  applied: z.array(
    z.strictObject({
      name: z.string(),
      statements: z.int(),
      milliseconds: z.int().describe("With its ledger entries"),
    }),
  ),
  pending: z.array(z.string()).describe("What is still to be applied, in order"),
  failed: z
    .strictObject({
      name: z.string(),
      refusal: Problem,
      targetState: z.string().describe("What state the database was left in, in a sentence"),
    })
    .nullable(),
});
