import { accept, type Outcome, type Problem } from "@change-mgmt/domain/change/refusal.ts";
import { METRICS } from "@change-mgmt/domain/process/rollback-trigger.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import { z } from "zod";
import { DATABASE_REFERENCE, holdsSecret } from "./reference.ts";
import { checkShape, readYaml, refuseFile, type YamlFile } from "./yaml-file.ts";

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "a name is written with letters, digits, dots, dashes and underscores");
/** The variable that says where the server keeps its own state. */
const OWN_STORE = `\${DATABASE_URL}`;
const words = z.array(z.string()).min(1).describe("A program and its arguments, each a word; never a line for a shell");

const waiver = z
  .strictObject({
    rule: z.string().min(1).optional(),
    backend: z.string().min(1).optional(),
    interface: z.string().min(1).optional(),
    method: z.string().min(1).optional(),
    route: z.string().min(1).optional().describe("METHOD /path, parameters as {}"),
    reason: z.string().trim().min(1).describe("Why it is borne"),
    owner: z.string().trim().min(1).describe("Who answers for it"),
    until: z.iso.date().describe("The last day on which it counts, YYYY-MM-DD"),
  })
  .refine(
    ({ rule, backend, interface: one, method, route }) =>
      [rule, backend, one, method, route].some((each) => each !== undefined),
    "a waiver names what it allows: rule, backend, interface, method or route",
  );

/** The process a workspace follows when its file names none. */
export const DEFAULT_PROCESS = "data-layer";

const httpAddress = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^\s/@]+(\/\S*)?$/, "an address begins with http:// or https:// and holds no password")
  .refine((text) => URL.canParse(text), "this is no address");

/** How one metric of rollback triggers is measured in an environment. */
const measure = z
  .strictObject({
    metric: z.enum(METRICS),
    http: httpAddress.optional().describe("Well with 2xx; for response-time, the time until the answer"),
    promql: z.string().min(1).max(10_000).optional().describe("A query in PromQL that answers one number"),
    address: httpAddress.optional().describe("Of the server that answers promql, such as http://metrics:9090"),
    sql: z
      .string()
      .min(1)
      .max(10_000)
      .optional()
      .describe("A query on the database: a number, and on how many samples"),
    statistics: z.literal(true).optional().describe("What Postgres counts by itself"),
    atLeast: z.number().int().min(1).max(1_000_000).default(20).describe("Fewer samples than this say nothing"),
    timeoutSeconds: z.number().int().min(1).max(60).default(10),
  })
  .refine(({ http, promql, sql, statistics }) => [http, promql, sql, statistics].filter(isGiven).length === 1, {
    error: "say exactly one of http, promql, sql and statistics",
  })
  .refine(({ promql, address }) => isGiven(promql) === isGiven(address), {
    error: "promql and address are said together",
  })
  .refine(({ http, metric }) => !isGiven(http) || metric === "health" || metric === "response-time", {
    error: "http measures health and response-time",
  })
  .refine(
    ({ statistics, metric }) =>
      !isGiven(statistics) || ["error-rate", "lock-waits", "replication-lag"].includes(metric),
    { error: "statistics measure error-rate, lock-waits and replication-lag" },
  );

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

/** The shape of change-mgmt.yaml. */
export const workspaceShape = z
  .strictObject({
    workspace: name.describe("What this workspace is called"),
    postgres: z
      .number()
      .int()
      .min(9)
      .max(99)
      .optional()
      .describe("Major version of Postgres that the databases run; rehearsals take the nearest one there is"),
    process: name.default(DEFAULT_PROCESS).describe("The process changes follow unless they name another"),
    holidays: z
      .array(
        z
          .string()
          .regex(
            /^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
            "a day is written YYYY-MM-DD, or MM-DD of every year",
          ),
      )
      .optional()
      .describe(
        "Days on which nobody works here, beside those of a process: limits in working hours and days leave them out",
      ),
    teams: z.array(z.strictObject({ name, title: z.string() })).default([]),
    components: z
      .array(
        z.strictObject({
          name,
          path: z.string().describe("Folder, relative to this file"),
          team: z.string().describe("The team that owns it"),
          board: z.string().optional().describe("Folder of its component board, relative to this file"),
        }),
      )
      .default([]),
    environments: z
      .array(
        z.strictObject({
          name,
          database: z.string().describe(`\${NAME_OF_VARIABLE} or embedded:NAME; never an address`),
          lockTimeoutMs: z.number().int().min(1).max(600_000).default(3_000),
          statementTimeoutMs: z.number().int().min(0).max(86_400_000).default(0).describe("0 means no limit"),
          retries: z
            .number()
            .int()
            .min(0)
            .max(100)
            .default(5)
            .describe("How often a lock that was not granted is tried again"),
          watch: z
            .array(measure)
            .refine((all) => new Set(all.map(({ metric }) => metric)).size === all.length, {
              error: "each metric is measured in one way",
            })
            .optional()
            .describe("How what rollback triggers look at is measured here; what is not named is not measured"),
        }),
      )
      .default([])
      .describe("In promotion order"),
    commands: z
      .record(
        name,
        z.strictObject({
          run: words,
          verify: words.optional(),
          rollback: words.optional(),
          workingFolder: z.string().default("."),
          timeoutSeconds: z.number().int().min(1).max(86_400).default(600),
        }),
      )
      .default({})
      .describe("What external artifacts may name"),
    check: z
      .strictObject({
        paths: z.array(z.string().min(1)).min(1).optional().describe("Files and folders, relative to this file"),
        newest: z.number().int().min(1).max(100_000).optional().describe("How many are rehearsed one by one"),
        baseline: z.string().min(1).optional().describe("File of known findings, relative to this file"),
        rules: z
          .record(z.string(), z.enum(["off", "info", "warning", "error"]))
          .optional()
          .describe("How much a rule's findings weigh here, or off"),
      })
      .optional()
      .describe("What `check` does unless the command line says otherwise"),
    validate: z
      .strictObject({
        interfaces: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .describe("What the interfaces of the data layer are called, * for any letters; *Repository unless said"),
        backends: z
          .array(
            z.strictObject({
              name,
              paths: z.array(z.string().min(1)).min(1).describe("Folders, relative to this file"),
            }),
          )
          .optional()
          .describe("The backends that implement them; found by names and folders unless said"),
        internalRoutes: z
          .array(z.string().min(1))
          .optional()
          .describe("Routes that no client needs: /path or METHOD /path, parameters as {}"),
        waivers: z
          .array(waiver)
          .optional()
          .describe("Gaps that are borne until a day; each allows what is all of what it names"),
      })
      .optional()
      .describe("What `validate` goes by"),
  })
  .meta({ title: "change-mgmt.yaml", description: "What change management knows of a repository" });

/** change-mgmt.yaml with defaults filled in; databases stay references and are resolved only when they are used. */
export type WorkspaceConfig = z.output<typeof workspaceShape>;

/** JSON Schema of change-mgmt.yaml, for editors. */
export const workspaceFileJsonSchema = z.toJSONSchema(workspaceShape, { io: "input" });

/**
 * Reads change-mgmt.yaml. Refused as WORKSPACE_INVALID with every problem at its line and column, or as SECRET_IN_CONFIGURATION where the
 * file holds a password itself; the refusal never repeats it.
 */
export function loadWorkspaceFile(text: string, fileName: string): Outcome<WorkspaceConfig> {
  const file = readYaml(text, fileName, "WORKSPACE_INVALID");
  if (!file.ok) return file;
  const secrets = findSecrets(file.value.value, [], file.value);
  if (secrets.length > 0) return refuseFile("SECRET_IN_CONFIGURATION", fileName, secrets);
  const shape = checkShape(workspaceShape, file.value, fileName, "WORKSPACE_INVALID");
  if (!shape.ok) return shape;
  const problems = [...references(shape.value, file.value), ...duplicates(shape.value, file.value)];
  return problems.length > 0 ? refuseFile("WORKSPACE_INVALID", fileName, problems) : accept(shape.value);
}

function findSecrets(value: unknown, path: readonly PropertyKey[], file: YamlFile): Problem[] {
  if (typeof value === "string" && holdsSecret(value)) {
    const hint = `Put it into an environment variable, name it as \${NAME_OF_VARIABLE}, and change the password: it has been written down.`;
    return [
      {
        code: "SECRET_IN_CONFIGURATION",
        message: `${path.join(".")} holds a password.`,
        hint,
        place: file.placeOf(path),
      },
    ];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => findSecrets(member, [...path, key], file));
}

function references({ teams, components, environments }: WorkspaceConfig, file: YamlFile): Problem[] {
  const known = teams.map((team) => team.name);
  const unowned = components.flatMap(({ name: component, team }, index) =>
    known.includes(team)
      ? []
      : [
          {
            code: "TEAM_UNKNOWN",
            message: `Component ${component} belongs to "${team}", which is no team.`,
            hint: suggest(team, known),
            place: file.placeOf(["components", index, "team"]),
          },
        ],
  );
  const unreferenced = environments.flatMap(({ name: environment, database }, index) =>
    database === OWN_STORE
      ? [
          {
            code: "TARGET_IS_STORE",
            message: `The database of ${environment} is the one in which change-mgmt keeps its own state.`,
            hint: `Name another variable, such as \${STAGING_DATABASE_URL}, that holds the address of another database.`,
            place: file.placeOf(["environments", index, "database"]),
          },
        ]
      : DATABASE_REFERENCE.test(database)
        ? []
        : [
            {
              code: "DATABASE_REFERENCE_INVALID",
              message: `The database of ${environment} is neither \${NAME_OF_VARIABLE} nor embedded:NAME.`,
              hint: `Put the address into an environment variable and write its name, such as \${STAGING_DATABASE_URL}.`,
              place: file.placeOf(["environments", index, "database"]),
            },
          ],
  );
  return [...unowned, ...unreferenced];
}

function duplicates(config: WorkspaceConfig, file: YamlFile): Problem[] {
  return (["teams", "components", "environments"] as const).flatMap((list) => {
    const names = config[list].map((item) => item.name);
    return names.flatMap((item, index) =>
      names.indexOf(item) === index
        ? []
        : [
            {
              code: "DUPLICATE_NAME",
              message: `There are two ${list} "${item}".`,
              hint: "Give each its own name.",
              place: file.placeOf([list, index, "name"]),
            },
          ],
    );
  });
}
