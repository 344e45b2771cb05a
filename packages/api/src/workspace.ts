import { z } from "zod";
import { Place } from "./problem.ts";

const time = z.iso.datetime();

export const ImportConfig = z
  .object({
    file: z.string().max(300).default("change-mgmt.yaml").describe("Its name, for messages"),
    text: z.string().min(1).max(500_000),
    history: z
      .array(z.object({ name: z.string().min(1).max(300), sql: z.string().max(2_000_000) }))
      .max(5000)
      .optional()
      .describe("The migrations the databases were built from, in order; rehearsals start on them"),
    folder: z
      .string()
      .max(1000)
      .optional()
      .describe("Folder on the server's machine that working folders of commands start from; its own when left out"),
    change: z
      .string()
      .max(100)
      .optional()
      .describe("The approved change that carries this configuration; needed once one is in force"),
  })
  .meta({ id: "ImportConfig" });

export const Environment = z
  .object({
    name: z.string(),
    order: z.number().int(),
    database: z.string().describe("A reference, never an address with a password"),
    lockTimeoutMs: z.number().int().describe("How long a statement of a deployment waits for a lock"),
    statementTimeoutMs: z.number().int().describe("How long it may run; 0 means no limit"),
    retries: z.number().int().describe("How often a lock that was not granted is tried again"),
    schemaHash: z.string().nullable().describe("Of the last known schema"),
    snapshotAt: time.nullable(),
    running: z.string().nullable().describe("Id of the deployment that holds the environment now"),
    busy: z
      .object({ reason: z.string(), hint: z.string() })
      .nullable()
      .default(null)
      .describe("Whose deployment that is, and what it waits for"),
    changes: z
      .array(
        z.object({
          number: z.string(),
          title: z.string(),
          state: z.enum(["deploying", "deployed", "failed", "rolling-back"]),
          at: time,
          deployment: z.string().nullable(),
        }),
      )
      .default([])
      .describe("The ten changes that came to it last and are there now, newest first"),
  })
  .meta({ id: "Environment" });

export const Config = z
  .object({
    version: z.number().int(),
    hash: z.string(),
    workspace: z.string(),
    process: z.string(),
    postgres: z.number().int().nullable().default(null).describe("Major version of Postgres that the databases run"),
    folder: z
      .string()
      .nullable()
      .describe("Where relative working folders of commands start from; null: the server's own"),
    teams: z.array(z.object({ name: z.string(), title: z.string() })),
    components: z.array(
      z.object({
        name: z.string(),
        path: z.string(),
        team: z.string(),
        board: z.string().nullable().describe("Folder of its component board"),
      }),
    ),
    environments: z.array(Environment),
    commands: z
      .array(
        z.object({
          name: z.string(),
          run: z.array(z.string()).describe("Program and arguments; references to variables stay references"),
          verify: z.array(z.string()).nullable(),
          rollback: z.array(z.string()).nullable(),
          workingFolder: z.string(),
          timeoutSeconds: z.number().int(),
        }),
      )
      .describe("What external artifacts may name"),
    importedBy: z.string(),
    importedAt: time,
    change: z.string().nullable(),
  })
  .meta({ id: "Config" });

export const Baseline = z
  .object({
    reason: z.string().min(1).max(5000),
    schemaHash: z
      .string()
      .max(100)
      .optional()
      .describe("Of the schema that was looked at, foundHash of its drift; refused where it is another by now"),
  })
  .meta({ id: "Baseline" });

/** What differs in an environment from the schema last known there, and who is known to use it. */
export const Drift = z
  .object({
    environment: z.string(),
    knownHash: z.string().nullable().describe("null: nobody has looked at it yet, so nothing can differ"),
    knownAt: time.nullable(),
    foundHash: z.string(),
    drifted: z.boolean(),
    differences: z.array(
      z.object({
        change: z.enum(["added", "removed", "altered"]),
        kind: z.string(),
        object: z.string(),
        detail: z.string(),
        breaking: z.boolean(),
        reason: z.string().describe("What stops working, or why nothing does"),
        table: z.string().nullable(),
        affected: z
          .array(
            z.object({
              component: z.string(),
              team: z.string().nullable(),
              changes: z.array(z.string()).describe("Deployed changes by which it is known to use the table"),
            }),
          )
          .describe("Empty: nobody is known to use it, which does not say that nobody does"),
      }),
    ),
    more: z.number().int().describe("Differences beyond those that are named"),
  })
  .meta({ id: "Drift" });
export const BaselineResult = z
  .object({ environment: z.string(), schemaHash: z.string(), objects: z.number().int() })
  .meta({ id: "BaselineResult" });

/** Whether deployments are held, and what is unfinished meanwhile. */
export const Hold = z
  .object({
    hold: z
      .object({ reason: z.string(), by: z.string().describe("A handle, or restore"), since: time })
      .nullable()
      .describe("Null: deployments are not held"),
    unfinished: z
      .array(
        z.object({
          deployment: z.string(),
          change: z.string(),
          environment: z.string(),
          direction: z.enum(["deploy", "rollback"]),
          state: z.enum(["requested", "running", "waiting"]),
        }),
      )
      .describe("Deployments and rollbacks that have an environment; held ones go on when they are released"),
  })
  .meta({ id: "Hold" });
export const HoldDeployments = z.object({ reason: z.string().min(1).max(5000) }).meta({ id: "HoldDeployments" });
export const ReleaseDeployments = z
  .object({ note: z.string().min(1).max(5000).optional().describe("What was looked at before") })
  .meta({ id: "ReleaseDeployments" });

export const ProcessSummary = z
  .object({
    name: z.string(),
    title: z.string(),
    version: z.number().int(),
    hash: z.string(),
    types: z.array(z.object({ id: z.string(), title: z.string() })),
  })
  .meta({ id: "ProcessSummary" });
const processDocument = z.object({ name: z.string(), hash: z.string(), process: z.record(z.string(), z.unknown()) });
export const ProcessDocument = processDocument.meta({ id: "ProcessDocument" });

const versionFacts = {
  version: z.number().int().describe("As the process says; the hash tells apart what has the same number"),
  since: time.describe("When this installation first had it in force"),
  inForce: z.boolean().describe("Whether new changes follow it"),
};
/** One version that was ever in force, without its document. */
export const ProcessVersionSummary = z
  .object({
    hash: z.string(),
    ...versionFacts,
    changes: z.number().int().describe("How many changes are pinned to it"),
  })
  .meta({ id: "ProcessVersionSummary" });
/** One version that was ever in force, whole. */
export const ProcessVersion = processDocument.extend(versionFacts).meta({ id: "ProcessVersion" });

const ProcessProblem = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  place: Place.optional(),
});

/** A change as its process saw it: what is known of it, and when it was deployed. Read by `process backtest`. */
export const PastChange = z
  .object({
    number: z.string(),
    title: z.string(),
    status: z.string(),
    hash: z.string().describe("Of the version of the process that it went by"),
    given: z
      .object({
        type: z.string(),
        fields: z.record(z.string(), z.unknown()),
        artifacts: z.array(z.enum(["migration", "external", "manual"])),
        environments: z.array(z.string()),
        assessment: z.object({ breaking: z.boolean(), complexity: z.enum(["low", "medium", "high"]) }).optional(),
        componentTeams: z.record(z.string(), z.string()).describe("Owners of its components as they are today"),
        measured: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
      })
      .describe("As a worked example of the process writes it"),
    began: z.array(z.object({ environment: z.string(), at: z.iso.datetime() })),
  })
  .meta({ id: "PastChange" });
export const ListHistory = z.object({
  since: z.iso.datetime().optional().describe("Only changes created since"),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

/** A standard change that was approved beforehand, and how it is used. */
export const StandingChange = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    owner: z.string().describe("The position that answers for it"),
    expires: z.iso.date().describe("The last day on which a change may be submitted as one"),
    expired: z.boolean(),
    fields: z.record(z.string(), z.unknown()).describe("What the form is filled in with"),
    when: z.record(z.string(), z.unknown()).describe("What has to hold, for as long as a change is to count as one"),
    uses: z.number().int().describe("Changes that were submitted as one"),
    lastUsedAt: time.nullable(),
  })
  .meta({ id: "StandingChange" });

/** Longer files are no processes. In characters. */
export const PROCESS_CHARACTERS = 500_000;
export const CompareProcess = z
  .object({
    before: z.string().max(100).optional().describe("Hash of the earlier version; left out, the one in force"),
    after: z.string().max(100).optional().describe("Hash of the later version; left out, the one in force"),
    text: z
      .string()
      .max(PROCESS_CHARACTERS)
      .optional()
      .describe("A process.yaml that is being written, in place of the later version"),
    changes: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(200)
      .describe("So many of the latest changes are held against the later version"),
  })
  .meta({ id: "CompareProcess" });
const comparedVersion = z.object({ version: z.number().int(), hash: z.string() });
export const ProcessComparison = z
  .object({
    process: z.string(),
    before: comparedVersion,
    after: comparedVersion,
    problems: z
      .array(ProcessProblem)
      .describe("What the check of the file found; with any of them it may not go into force"),
    differences: z.array(
      z.object({
        part: z.string().describe("Where it stands, in words"),
        id: z.string().describe("What it is there: the id of a row, field or step, or the name of a property"),
        before: z.unknown().optional().describe("Left out where it is new"),
        after: z.unknown().optional().describe("Left out where it is gone"),
      }),
    ),
    backtest: z.object({
      changes: z.number().int().describe("So many were held against it; none against a file with problems"),
      more: z.boolean().describe("There are earlier ones besides"),
      differing: z.array(
        z.object({
          number: z.string(),
          title: z.string(),
          status: z.string(),
          otherwise: z.array(z.object({ what: z.string(), before: z.unknown(), after: z.unknown() })),
        }),
      ),
      sums: z.array(
        z.object({
          what: z.string(),
          changes: z.number().int(),
          ways: z.array(z.object({ before: z.string(), after: z.string(), changes: z.number().int() })),
        }),
      ),
    }),
  })
  .meta({ id: "ProcessComparison" });

export const AuditEntry = z.record(z.string(), z.unknown()).meta({ id: "AuditEntry" });
export const AuditRecord = z
  .object({ seq: z.number().int().nullable().describe("Null until it is sealed"), hash: z.string(), entry: AuditEntry })
  .meta({ id: "AuditRecord" });
export const ListAudit = z.object({
  change: z.string().max(100).optional(),
  user: z.string().max(100).optional(),
  event: z.string().max(100).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const Checkpoint = z.record(z.string(), z.unknown()).meta({ id: "Checkpoint" });
/** Public halves of the keys that seals were signed with; an auditor compares them with what was handed over in person. */
export const AuditKey = z
  .object({
    keyId: z.string(),
    publicKey: z.string().describe("Ed25519, 32 bytes in hex"),
    createdAt: time,
    endorsedBy: z.string().nullable().default(null).describe("Id of the key that named this one its successor"),
    endorsement: z.string().nullable().default(null).describe("Its signature of the statement of that, in hex"),
  })
  .meta({ id: "AuditKey" });
export const AuditVerdict = z
  .object({
    ok: z.boolean(),
    count: z.number().int().optional(),
    code: z.string().optional(),
    message: z.string().optional(),
  })
  .loose()
  .meta({ id: "AuditVerdict" });

export const DeadLetter = z
  .object({
    id: z.string(),
    handler: z.string(),
    event: z.string(),
    change: z.string().nullable(),
    error: z.string(),
    at: time,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "DeadLetter" });

export const Health = z
  .object({ status: z.enum(["ok", "unavailable"]), checks: z.record(z.string(), z.string()) })
  .meta({ id: "Health" });
