import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import type { Outcome, Refusal } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor, Role } from "@change-mgmt/domain/identity/roles.ts";
import { processHash } from "@change-mgmt/domain/process/hash.ts";
import type { Process, Stage } from "@change-mgmt/domain/process/process.ts";
import { aProcess } from "@change-mgmt/domain/testing/builders.ts";
import type { AuditEvent } from "../audit/append.ts";
import { Door } from "../commands/execute.ts";
import { createChange } from "../lifecycle/requests/create-change.ts";
import { newId } from "../storage/ids.ts";
import { json } from "../storage/json.ts";
import { ProcessLibrary } from "../storage/process-record.ts";
import type { Store } from "../storage/store.ts";

const PEOPLE = {
  rosa: { roles: ["requester"], teams: [] },
  ben: { roles: ["developer"], teams: ["core"] },
  lena: { roles: ["team-lead"], teams: ["core"] },
  olga: { roles: ["operator"], teams: ["core"] },
  audrey: { roles: ["auditor"], teams: [] },
  admin: { roles: ["administrator"], teams: [] },
} as const satisfies Record<string, { roles: readonly Role[]; teams: readonly string[] }>;

export type SmallPeople = Readonly<Record<keyof typeof PEOPLE, Actor>>;

/** A store with people, a team, one process and a configuration, without a worker. */
export interface SmallWorkspace {
  readonly door: Door;
  readonly processes: ProcessLibrary;
  readonly people: SmallPeople;
  /** Events of every command that committed, in order. */
  readonly committed: AuditEvent[];
  /** Makes a change by rosa that carries these artifacts, submitted; answers its id. */
  submitted(artifacts?: readonly Artifact[]): Promise<string>;
  /** Makes a draft by rosa; answers its id. */
  draft(artifacts?: readonly Artifact[]): Promise<string>;
  /** Puts a configuration with these environments in force, without asking anybody; at first they are embedded staging and production. */
  configure(
    environments: readonly { readonly name: string; readonly database: string }[],
    history?: object,
    /** What else the configuration says. */
    more?: { readonly postgres?: number },
  ): Promise<void>;
}

/** draft → ready as soon as it is submitted, → deploying → ready or watching, with ways back: nothing stands in the way of a deployment. */
export function aQuickProcess(stages: readonly Stage[] = QUICK): Process {
  const small = aProcess();
  const type = { id: "type", title: "Type", help: "Which.", kind: "choice", required: true } as const;
  const form = { ...small.form, fields: [type, ...small.form.fields] };
  return aProcess({ name: "quick", number: "Q-{seq}", stages, form });
}

const AROUND = [
  { on: "deploy", to: "deploying", gates: [] },
  { on: "rollback", to: "rolling-back", gates: [] },
  { on: "edit", to: "ready", gates: [] },
  { on: "cancel", to: "cancelled", gates: [] },
] as const;

function aStage(id: string, status: Stage["status"], transitions: Stage["transitions"]): Stage {
  return { id, title: id, status, steps: [], transitions };
}

const QUICK: readonly Stage[] = [
  aStage("draft", "draft", [
    { on: "submit", to: "ready", gates: ["form"] },
    { on: "edit", to: "draft", gates: [] },
    { on: "cancel", to: "cancelled", gates: [] },
  ]),
  aStage("ready", "approved", AROUND),
  aStage("deploying", "deploying", [
    { on: "deployed", to: "ready", gates: [] },
    { on: "deployment-failed", to: "failed", gates: [] },
  ]),
  aStage("rolling-back", "rolling_back", [
    { on: "rolled-back", to: "ready", gates: [] },
    { on: "rollback-failed", to: "failed", gates: [] },
  ]),
  aStage("failed", "failed", AROUND),
  aStage("cancelled", "cancelled", []),
];

/** Fills an empty store with a small workspace. */
export async function aSmallWorkspace(
  store: Store,
  { process = aQuickProcess(), now }: { process?: Process; now?: () => Date } = {},
): Promise<SmallWorkspace> {
  const { db } = store;
  const processes = new ProcessLibrary();
  await processes.publish(db, [{ process, hash: processHash(process) }]);
  await db.insertInto("teams").values({ id: newId(), name: "core", title: "Core" }).execute();
  const people: Record<string, Actor> = {};
  for (const [handle, { roles, teams }] of Object.entries(PEOPLE)) {
    const userId = newId();
    await db.insertInto("users").values({ id: userId, handle, name: handle, email: null, disabled_at: null }).execute();
    await db
      .insertInto("user_roles")
      .values(roles.map((role) => ({ handle, role })))
      .execute();
    for (const team of teams) await db.insertInto("team_members").values({ team, handle }).execute();
    people[handle] = { userId, handle, roles, teams, positions: [] };
  }
  const committed: AuditEvent[] = [];
  const door = new Door({
    db,
    processes,
    committed: (events) => committed.push(...events),
    ...(now === undefined ? {} : { now }),
  });
  const create = async (artifacts: readonly Artifact[], submit: boolean) => {
    const fields = { title: "Add a field", type: "add", components: ["users"] };
    const input = { process: process.name, fields, artifacts, submit };
    return accepted(await door.execute(createChange, input, { actor: people.rosa! })).id;
  };
  const workspace: SmallWorkspace = {
    door,
    processes,
    people: people as unknown as SmallPeople,
    committed,
    submitted: (artifacts = []) => create(artifacts, true),
    draft: (artifacts = []) => create(artifacts, false),
    async configure(environments, history, more = {}) {
      const document = {
        workspace: "small",
        process: process.name,
        teams: [],
        components: [{ name: "users", path: "users", team: "core" }],
        environments: environments.map((environment) => ({
          lockTimeoutMs: 300,
          statementTimeoutMs: 0,
          retries: 0,
          ...environment,
        })),
        commands: {},
        ...more,
      };
      const last = await db
        .selectFrom("configurations")
        .select("version")
        .orderBy("version", "desc")
        .executeTakeFirst();
      await db
        .insertInto("configurations")
        .values({
          version: (last?.version ?? 0) + 1,
          hash: newId(),
          document: json<unknown>(document),
          file_name: "change-mgmt.yaml",
          file_text: "",
          folder: null,
          ...(history === undefined ? {} : { history: json<unknown>(history) }),
          change_id: null,
          imported_by: "admin",
          created_at: new Date(),
        })
        .execute();
    },
  };
  await workspace.configure([
    { name: "staging", database: "embedded:staging" },
    { name: "production", database: "embedded:production" },
  ]);
  return workspace;
}

/** The value of an outcome that must not be a refusal. */
export function accepted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(
    `${outcome.refusal.code}: ${outcome.refusal.message} ${JSON.stringify(outcome.refusal.details ?? {})}`,
  );
}

/** The refusal of an outcome that must be one. */
export function refused(outcome: Outcome<unknown>): Refusal {
  if (!outcome.ok) return outcome.refusal;
  throw new Error(`not refused: ${JSON.stringify(outcome.value)}`);
}
