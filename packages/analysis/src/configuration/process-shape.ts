import { STATUSES } from "@change-mgmt/domain/change/status.ts";
import { ROLES } from "@change-mgmt/domain/identity/roles.ts";
import { GATES, TEST_MOMENTS, TRIGGERS } from "@change-mgmt/domain/process/process.ts";
import { METRICS } from "@change-mgmt/domain/process/rollback-trigger.ts";
import { WEEKDAYS } from "@change-mgmt/domain/process/times.ts";
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

/** One table, or a list of tables whose answers add up, each with an id of its own. */
const tables = <T extends z.ZodType>(then: T) => z.union([table(then), z.array(table(then).extend({ id })).min(1)]);

const limit = z.union([
  z.strictObject({ hours: z.number().positive() }),
  z.strictObject({ workingHours: z.number().positive() }),
  z.strictObject({ workingDays: z.number().positive() }),
]);

const recurrence = z.strictObject({
  title: z.string().optional(),
  days: z.array(z.enum(WEEKDAYS)).min(1).optional(),
  from: z.string(),
  to: z.string(),
  zone: z.string(),
});

const board = z.strictObject({
  id,
  title: z.string(),
  members: z.array(z.string()).min(1),
  chair: z.string(),
  quorum: z.number().optional(),
  veto: z.array(z.string()).optional(),
  recusal: z.literal("lowers-quorum").optional(),
  quorumBy: z.literal("presence").optional(),
  meets: recurrence.optional(),
  convenesWithin: limit.optional(),
});

const freeze = z.strictObject({
  id,
  title: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  until: z.string().optional(),
  zone: z.string(),
  when: condition.optional(),
  source: z.string().optional(),
});

const trigger = z.strictObject({
  id,
  title: z.string(),
  metric: z.enum(METRICS),
  above: z.number().optional(),
  times: z.number().optional(),
});

const dimension = z.strictObject({
  title: z.string(),
  values: z.array(scalar).default([]),
  open: z.boolean().optional(),
  many: z.boolean().optional(),
  ordered: z.boolean().optional(),
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
  notBefore: z.strictObject({ field: z.string(), months: z.number().int().positive() }).optional(),
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
  positions: z.array(z.string()).optional(),
  tests: z.array(z.string()).optional(),
  automatic: z.strictObject({ on: z.string(), environment: z.string().optional() }).optional(),
});

const transition = z.strictObject({
  to: z.string(),
  on: z.enum(TRIGGERS),
  when: condition.optional(),
  gates: z.array(z.enum(GATES)).default([]),
});

const refusal = z.strictObject({ on: z.enum(TRIGGERS), when: condition.optional(), because: z.string() });

const stage = z.strictObject({
  id,
  title: z.string(),
  status: z.enum(STATUSES),
  phase: z.string().optional(),
  steps: z.array(step).default([]),
  transitions: z.array(transition).default([]),
  refusals: z.array(refusal).optional(),
});

const requirement = z.strictObject({
  id,
  title: z.string(),
  from: z.strictObject({
    team: z.string().optional(),
    roles: z.array(z.enum(ROLES)).optional(),
    position: z.string().optional(),
    board: z.string().optional(),
    field: z.string().optional(),
  }),
  count: z.union([z.number(), z.literal("all")]).default(1),
  mayShare: z.array(z.string()).optional(),
  decision: z.union([z.enum(["majority", "unanimous"]), z.strictObject({ percent: z.number() })]).optional(),
  after: z.array(z.string()).optional(),
  within: limit.optional(),
  escalateTo: z.string().optional(),
  due: z.enum(["closing", "bypass"]).optional(),
});

const template = z.strictObject({
  format: z.enum(["markdown", "yaml"]),
  title: z.string().min(1),
  entries: z
    .array(
      z.strictObject({
        at: z.array(z.string().min(1)),
        field: z.string().optional(),
        says: z.enum(["number", "requester", "created"]).optional(),
        approval: z.string().optional(),
        guide: z.string().min(1).optional(),
      }),
    )
    .min(1),
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
    .array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        table: table(z.strictObject({ value: scalar })).extend({ id: id.optional() }),
      }),
    )
    .default([]),
  scores: z
    .array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        table: tables(z.strictObject({ points: z.number() })),
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
  approvals: tables(z.strictObject({ requirements: z.array(requirement) })),
  duties: z
    .strictObject({ ownChangeApproval: z.boolean().default(false), ownChangeDeployment: z.boolean().default(false) })
    .default({ ownChangeApproval: false, ownChangeDeployment: false }),
  testing: tables(
    z.strictObject({ tests: z.array(z.string()), due: z.enum(TEST_MOMENTS), forAll: z.boolean().optional() }),
  ),
  rollback: tables(z.strictObject({ procedure: z.array(z.string()), rehearsed: z.enum(["required", "advised"]) })),
  afterwards: tables(z.strictObject({ monitoringDays: z.number().min(0), obligations: z.array(z.string()) })),
  boards: z.array(board).optional(),
  workingTime: z
    .strictObject({
      zone: z.string(),
      days: z.array(z.enum(WEEKDAYS)).min(1).default(["MO", "TU", "WE", "TH", "FR"]),
      from: z.string().default("09:00"),
      to: z.string().default("17:00"),
      holidays: z.array(z.string()).default([]),
    })
    .optional(),
  windows: tables(
    z.strictObject({ always: z.boolean().optional(), windows: z.array(recurrence).optional() }),
  ).optional(),
  freezes: z.array(freeze).optional(),
  standing: z
    .array(
      z.strictObject({
        id,
        title: z.string(),
        description: z.string(),
        owner: z.string().describe("The position that answers for it"),
        expires: date.describe("The last day on which a change may be submitted as one"),
        fields: z.record(z.string(), z.unknown()).default({}).describe("What the form is filled in with"),
        when: condition.describe("What has to hold, for as long as a change is to count as one"),
        source: z.string().optional(),
      }),
    )
    .optional()
    .describe("Standard changes that were approved beforehand, chosen in the form's field `standing`"),
  template: template.optional(),
  triggers: tables(
    z.strictObject({
      triggers: z.array(trigger),
      intervalSeconds: z.number().int().positive().default(60),
      failures: z.number().int().positive().default(1),
      response: z.enum(["roll-back", "ask"]).optional(),
      minutes: z.number().int().positive().max(43_200).optional(),
    }),
  ).optional(),
});

export type ProcessShape = z.output<typeof processShape>;

/** JSON Schema of process.yaml, for editors. */
export const processFileJsonSchema = z.toJSONSchema(processShape, { io: "input" });
