import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RehearsalEngine } from "@change-mgmt/analysis/rehearsal/report.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Targets } from "../assets/databases/target.ts";
import { createTargets } from "../assets/databases/targets.ts";
import { createMeasure, type MetricsSource } from "../assets/measures/measure.ts";
import { resealFactors } from "../assets/people/second-factor.ts";
import type { AuditEvent } from "../audit/append.ts";
import { endorsedBefore, type InstalledKey, type Succession, signingKey } from "../audit/signing-key.ts";
import { Door } from "../commands/execute.ts";
import { type AccountKey, accountKey } from "../identity/account-key.ts";
import { engineInForce } from "../lifecycle/assessment/rehearsal-engine.ts";
import { rehearseChange } from "../lifecycle/assessment/rehearse-change.ts";
import { carryOutDeployment } from "../lifecycle/deployment/handlers.ts";
import { watchDeployments } from "../lifecycle/monitoring/begin-watch.ts";
import { evaluateWatches } from "../lifecycle/monitoring/evaluate-watch.ts";
import { recordAuditKey } from "../lifecycle/reporting/audit-keys.ts";
import { mailPeople } from "../notifications/mail-people.ts";
import type { Notifier } from "../notifications/notifier.ts";
import type { EventHandler } from "../outbox/handler.ts";
import { ProcessLibrary } from "../storage/process-record.ts";
import { openStore, type Store } from "../storage/store.ts";
import { INSTALLER } from "./installer.ts";
import { loadProcesses } from "./processes.ts";

const PROCESSES = fileURLToPath(new URL("../../../../processes/", import.meta.url));

export interface InstallationOptions {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who this process is, for the lock file: `the server at …` or `the worker`. */
  readonly owner: string;
  readonly say: (line: string) => void;
  /** Folder of the processes that are put in force; those of the product where it is left out. */
  readonly processesFolder?: string;
  /** The time by which acts are judged; the machine's where it is left out. */
  readonly now?: () => Date;
  /** Brings notices to people; nobody is mailed where it is left out. */
  readonly notifier?: Notifier | undefined;
  /** What answers queries on metrics; without it they are not known. */
  readonly metrics?: MetricsSource;
}

/** Everything a process of the product works with, wired together. */
export interface Installation {
  readonly store: Store;
  readonly key: InstalledKey;
  readonly accountKey: AccountKey;
  readonly processes: ProcessLibrary;
  readonly door: Door;
  readonly targets: Targets;
  /** Holds the template and the base states of rehearsals. */
  readonly cacheFolder: string;
  readonly rehearsalEngine: () => Promise<RehearsalEngine>;
  readonly handlers: readonly EventHandler[];
  /** Called after each commit of this process with what happened; set by whoever has a worker to wake. */
  onCommit: (events: readonly AuditEvent[]) => void;
}

/** Opens the store and wires what works on it. Refusals: those of the store, the audit key and the processes. */
export async function openInstallation({
  dataDir,
  databaseUrl,
  env,
  owner,
  say,
  notifier,
  metrics = noMetrics,
  processesFolder = PROCESSES,
  now = () => new Date(),
}: InstallationOptions): Promise<Outcome<Installation>> {
  const key = signingKey(env.CHANGE_MGMT_AUDIT_KEY, join(dataDir, "audit-key"));
  if (!key.ok) return key;
  const succession = endorsedBefore(env.CHANGE_MGMT_AUDIT_KEY_BEFORE, key.value);
  if (!succession.ok) return succession;
  const accounts = accountKey(
    env.CHANGE_MGMT_ACCOUNT_KEY,
    join(dataDir, "account-key"),
    env.CHANGE_MGMT_ACCOUNT_KEY_ALSO,
  );
  if (!accounts.ok) return accounts;
  const loaded = await loadProcesses(processesFolder);
  if (!loaded.ok) return loaded;
  const opened = await openStore(databaseUrl === undefined ? { dataDir, owner, say } : { databaseUrl, say });
  if (!opened.ok) return opened;
  try {
    const installation = await wired(opened.value, loaded.value, key.value, accounts.value, {
      dataDir,
      env,
      say,
      metrics,
      now,
      notifier,
    });
    await recordNewKey(installation, succession.value);
    if (env.CHANGE_MGMT_ACCOUNT_KEY_ALSO) {
      const resealed = await resealFactors(opened.value.db, accounts.value);
      if (resealed > 0) say(`second factors that are encrypted with the new account key now: ${resealed}`);
    }
    return accept(installation);
  } catch (error) {
    await opened.value.close();
    throw error;
  }
}

async function wired(
  store: Store,
  shipped: Parameters<ProcessLibrary["publish"]>[1],
  key: InstalledKey,
  accounts: AccountKey,
  {
    dataDir,
    env,
    say,
    metrics,
    now,
    notifier,
  }: Pick<InstallationOptions, "dataDir" | "env" | "say" | "notifier"> & {
    readonly metrics: MetricsSource;
    readonly now: () => Date;
  },
): Promise<Installation> {
  const { db } = store;
  const processes = new ProcessLibrary();
  await processes.publish(db, shipped);
  const door = new Door({ db, processes, now, committed: (events) => installation.onCommit(events) });
  const cacheFolder = join(dataDir, "cache");
  const rehearsalEngine = () => engineInForce(db, env.SHADOW_DATABASE_URL);
  const targets = createTargets({ dataFolder: dataDir, env });
  const measure = createMeasure({ targets, metrics, privateHosts: privateHosts(env.CHANGE_MGMT_WATCH_PRIVATE_HOSTS) });
  const installation: Installation = {
    store,
    key,
    accountKey: accounts,
    processes,
    door,
    targets,
    cacheFolder,
    rehearsalEngine,
    handlers: [
      rehearseChange({ db, door, targets, cacheFolder, engine: rehearsalEngine }),
      carryOutDeployment({ db, door, targets, measure, say }),
      watchDeployments(door),
      evaluateWatches({ db, door, measure }),
      ...(notifier === undefined
        ? []
        : [
            mailPeople({
              db,
              notifier,
              publicAddress: env.CHANGE_MGMT_PUBLIC_URL?.trim().replace(/\/$/, "") || undefined,
              say,
            }),
          ]),
    ],
    onCommit: () => {},
  };
  return installation;
}

const noMetrics: MetricsSource = async () => ({ reading: { missing: "nothing here asks for metrics" } });

function privateHosts(text = ""): ReadonlySet<string> {
  return new Set(
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((host) => host !== ""),
  );
}

/** Tells the trail of a key that it was never sealed with, but the first one. */
async function recordNewKey({ store, key, door }: Installation, succession: Succession | undefined): Promise<void> {
  const known = await store.db.selectFrom("audit_keys").select("key_id").execute();
  if (known.length === 0 || known.some((row) => row.key_id === key.id)) return;
  const { id, publicKey } = key;
  const added = { how: "added", id, publicKey, endorsedBy: null, endorsement: null, ...succession };
  const told = await door.execute(recordAuditKey, added, { actor: INSTALLER });
  if (!told.ok) throw new Error(told.refusal.message);
}
