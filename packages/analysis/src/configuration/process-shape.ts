import { STATUSES } from "@change-mgmt/domain/change/status.ts";
import { ROLES } from "@change-mgmt/domain/identity/roles.ts";
import { GATES, TRIGGERS } from "@change-mgmt/domain/process/process.ts";
import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const condition = z.record(z.string(), z.union([scalar, z.array(scalar)]));
const id = z.string().regex(/^[a-z0-9][a-zA-Z0-9-]*$/, "an id is written with letters, digits and dashes");
const date = z.iso.date();

const row = <T extends z.ZodType>(then: T) =>
  z.strictObject({ id, when: condition.default({}), then, source: z.string().optional() });

const table = <T extends z.ZodType>(then: T) =>
  z.strictObject({
    title: z.string(),
    dimensions: z.array(z.string()).default([]),
    hit: z.enum(["unique", "collect"]).default("unique"),
    rows: z.array(row(then)).min(1),
  });

const dimension = z.strictObject({
  title: z.string(),
  values: z.array(scalar).default([]),
  open: z.boolean().optional(),
  many: z.boolean().optional(),
  default: scalar.optional(),
});

const levels = z.array(z.strictObject({ upTo: z.number().optional(), value: scalar })).min(1);

const field = z.strictObject({
  id,
  title: z.string(),
  help: z.string(),
  kind: z.enum(["text", "long-text", "choice", "boolean", "number", "list", "users", "components", "date"]),
  required: z.union([z.boolean(), condition]).optional(),
  when: condition.optional(),
  values: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  pattern: z.string().optional(),
  fact: z.string().optional(),
  factWhenFilled: z.string().optional(),
});

const rule = z.strictObject({
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/, "a code is written in capitals with underscores"),
  when: condition.default({}),
  require: condition,
  field: z.string().optional(),
  message: z.string(),
  hint: z.string(),
});

const step = z.strictObject({
  id,
  title: z.string(),
  help: z.string().optional(),
  when: condition.optional(),
  evidence: z.array(z.enum(["note", "link", "report", "file"])).default([]),
  by: z.array(z.enum(ROLES)).default([]),
  automatic: z.strictObject({ on: z.string(), environment: z.string().optional() }).optional(),
});

const transition = z.strictObject({
  to: z.string(),
  on: z.enum(TRIGGERS),
  when: condition.optional(),
  gates: z.array(z.enum(GATES)).default([]),
});

const stage = z.strictObject({
  id,
  title: z.string(),
  status: z.enum(STATUSES),
  phase: z.string().optional(),
  steps: z.array(step).default([]),
  transitions: z.array(transition).default([]),
});

const requirement = z.strictObject({
  id,
  title: z.string(),
  from: z.strictObject({
    team: z.string().optional(),
    roles: z.array(z.enum(ROLES)).optional(),
    position: z.string().optional(),
    field: z.string().optional(),
  }),
  count: z.union([z.number(), z.literal("all")]).default(1),
  mayShare: z.array(z.string()).optional(),
});

/** The shape of process.yaml. What is left out is filled in with the strict default. */
export const processShape = z.strictObject({
  name: id,
  version: z.number().int().min(1),
  title: z.string(),
  description: z.string(),
  owner: z.string(),
  effective: date,
  review: date,
  number: z.string(),
  environments: z.array(id).min(1),
  positions: z.array(z.strictObject({ id, title: z.string() })).default([]),
  dimensions: z.record(z.string(), dimension).default({}),
  bands: z.array(z.strictObject({ name: z.string(), title: z.string(), from: z.string(), levels })).default([]),
  derived: z
    .array(z.strictObject({ name: z.string(), title: z.string(), table: table(z.strictObject({ value: scalar })) }))
    .default([]),
  scores: z
    .array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        table: table(z.strictObject({ points: z.number() })),
        cap: z.number(),
        levels,
      }),
    )
    .default([]),
  types: z.array(z.strictObject({ id, title: z.string(), description: z.string() })).min(1),
  form: z.strictObject({ fields: z.array(field).min(1), rules: z.array(rule).default([]) }),
  routing: table(z.strictObject({ team: z.string() })),
  stages: z.array(stage).min(1),
  initialStage: z.string(),
  approvals: table(z.strictObject({ requirements: z.array(requirement) })),
  duties: z
    .strictObject({ ownChangeApproval: z.boolean().default(false), ownChangeDeployment: z.boolean().default(false) })
    .default({ ownChangeApproval: false, ownChangeDeployment: false }),
  testing: table(
    z.strictObject({
      tests: z.array(z.string()),
      due: z.enum(["before-approval", "before-deployment", "after-deployment"]),
    }),
  ),
  rollback: table(z.strictObject({ procedure: z.array(z.string()), rehearsed: z.enum(["required", "advised"]) })),
  afterwards: table(z.strictObject({ monitoringDays: z.number().min(0), obligations: z.array(z.string()) })),
});

export type ProcessShape = z.output<typeof processShape>;

/** JSON Schema of process.yaml, for editors. */
export const processFileJsonSchema = z.toJSONSchema(processShape, { io: "input" });
