import { z } from "zod";
import { CheckDocument } from "./check.ts";

const place = z.strictObject({
  file: z.string().describe("Relative to the repository"),
  line: z.int().min(1),
  column: z.int().min(1),
});

const Finding = z.strictObject({
  rule: z.string().describe("Name of the rule, such as method-missing"),
  severity: z.enum(["error", "warning", "info"]),
  breaking: z.boolean(),
  part: z.enum(["up", "down"]),
  file: z.string().optional(),
  line: z.int().min(1),
  column: z.int().min(1),
  message: z.string(),
  hint: z.string(),
  fingerprint: z.string().describe("Stays the same while other lines of the file change"),
});

const file = z.strictObject({
  path: z.string(),
  findings: z.array(Finding),
  waived: z.array(
    Finding.extend({ reason: z.string(), waivedAt: z.int().min(1).describe("Line in change-mgmt.yaml") }),
  ),
});

/** The document of `change-mgmt validate --json`. */
export const ValidateDocument = z
  .strictObject({
    ok: z.boolean().describe("False with a finding of severity error or a migration that fails"),
    interfaces: z.array(z.strictObject({ name: z.string(), place, methods: z.int() })),
    backends: z.array(z.string()),
    methods: z
      .array(
        z.strictObject({
          interface: z.string(),
          method: z.string(),
          backend: z.string(),
          state: z.enum(["real", "stub", "missing", "unknown"]).describe("unknown where the code does not show it"),
          place,
        }),
      )
      .describe("Every method of every interface in every backend"),
    routes: z.array(
      z.strictObject({
        route: z.string().describe("Method and path, parameters as {}"),
        framework: z.string(),
        place,
        calledBy: z.array(z.strictObject({ by: z.string(), place })),
      }),
    ),
    calls: z.array(
      z.strictObject({
        by: z.string(),
        call: z.string(),
        place,
        route: z.string().nullable().describe("null where no route answers, or it goes elsewhere"),
        elsewhere: z.boolean(),
      }),
    ),
    files: z.array(file).describe("Files with findings, migrations apart"),
    notes: z.array(z.string()).describe("What was not looked for"),
    migrations: CheckDocument.nullable().describe(
      "As check reports them; null where there are none or none were asked for",
    ),
    summary: z.strictObject({
      errors: z.int(),
      warnings: z.int(),
      infos: z.int(),
      waived: z.int(),
      methods: z.strictObject({ real: z.int(), stub: z.int(), missing: z.int(), unknown: z.int() }),
      routes: z.int(),
      calls: z.int(),
    }),
  })
  .meta({ title: "change-mgmt validate", description: "What validate found out about a repository" });
