import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { workspaceRoutes } from "./assets/environments/workspace-routes.ts";
import { authenticateOutside } from "./assets/people/outside-people.ts";
import { peopleRoutes } from "./assets/people/people-routes.ts";
import { signInRoutes } from "./assets/people/sign-in-routes.ts";
import { savedViewRoutes } from "./assets/saved-views/saved-view-routes.ts";
import { ticketRoutes } from "./assets/tickets/ticket-routes.ts";
import type { Handlers } from "./commands/handler.ts";
import { attachmentBytes } from "./evidence/upload.ts";
import { createHttpApp } from "./http/app.ts";
import { eventHandlers } from "./http/event-routes.ts";
import { authenticate } from "./identity/actors.ts";
import { stillGood } from "./identity/credentials.ts";
import { issuerSettings } from "./identity/issuer-settings.ts";
import { looksLikeJwt, tokenVerifier } from "./identity/outside-tokens.ts";
import { authenticateSession, type SessionTerms } from "./identity/sessions.ts";
import { publicAddress, sessionTerms, trustedProxies } from "./identity/settings.ts";
import { backupRoutes } from "./installation/backup-routes.ts";
import { firstStart } from "./installation/first-start.ts";
import { INSTALLER } from "./installation/installer.ts";
import { installationMetrics } from "./installation/metrics.ts";
import { type Installation, openInstallation } from "./installation/open.ts";
import { SampleMaker } from "./installation/sample/sample-maker.ts";
import { sampleOffer } from "./installation/sample/sample-offer.ts";
import { sampleRoutes } from "./installation/sample/sample-routes.ts";
import { measurePromql } from "./integrations/prometheus/measure-promql.ts";
import { smtpNotifier } from "./integrations/smtp/smtp-notifier.ts";
import { boardRoutes } from "./lifecycle/approval/board-routes.ts";
import { delegationRoutes } from "./lifecycle/approval/delegation-routes.ts";
import { meetingRoutes } from "./lifecycle/approval/meeting-routes.ts";
import { tellDeadlines } from "./lifecycle/approval/tell-deadline.ts";
import { draftRoutes } from "./lifecycle/assessment/draft-routes.ts";
import { attachmentRoutes } from "./lifecycle/attachment-routes.ts";
import { changeRoutes } from "./lifecycle/change-routes.ts";
import { driftRoutes } from "./lifecycle/deployment/drift-routes.ts";
import { holdDeployments } from "./lifecycle/deployment/hold-deployments.ts";
import { holdRoutes } from "./lifecycle/deployment/hold-routes.ts";
import { beginScheduled } from "./lifecycle/deployment/schedule-deployment.ts";
import { askForEvaluations } from "./lifecycle/monitoring/evaluate-watch.ts";
import { auditRoutes } from "./lifecycle/reporting/audit-routes.ts";
import { followEvents } from "./lifecycle/reporting/event-feed.ts";
import { processComparisonRoutes } from "./lifecycle/reporting/process-comparison.ts";
import { processHistoryRoutes } from "./lifecycle/reporting/process-history.ts";
import { requestFileRoutes } from "./lifecycle/request-file-routes.ts";
import { backupStore, restoreStore } from "./storage/backup.ts";
import { openStore, type Store } from "./storage/store.ts";
import { deadLetterRoutes } from "./worker/dead-letters.ts";
import { DEAD_LETTERS } from "./worker/queue.ts";
import { startWorker as startWorking, type Worker } from "./worker/worker.ts";

export interface PlaceOptions {
  /** Folder of the processes that are put in force; those of the product where it is left out. */
  readonly processesFolder?: string;
  /** The time by which acts are judged; the machine's where it is left out. */
  readonly now?: () => Date;
  /** Folder that holds everything embedded, the audit key and caches. */
  readonly dataDir: string;
  /** A Postgres that several processes share; left out, the embedded store of `dataDir`. */
  readonly databaseUrl?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
}

export interface ServerOptions extends PlaceOptions {
  readonly port: number;
  readonly host: string;
  /** Whether an empty store gets the sample workspace. */
  readonly demo: boolean;
  /** Whether the sample workspace also gets its changes, made in the background once the server answers. */
  readonly sampleChanges?: boolean;
  /** Whether one may sign in as the sample people without a password; left out: only from this machine, on an embedded store. */
  readonly sampleSignIn?: boolean;
  /** Becomes an administrator's API token at the first start. */
  readonly adminToken?: string;
  /** Whether deployments are held from the start, before anything is taken up. */
  readonly holdDeployments?: boolean;
}

export interface RunningServer {
  readonly address: string;
  /** Works once, for fifteen minutes. */
  readonly signInLink?: string;
  close(): Promise<void>;
}

/** Starts HTTP server and worker in this process. */
export async function startServer(options: ServerOptions): Promise<Outcome<RunningServer>> {
  const { host, port, say, env } = options;
  const terms = sessionTerms(env);
  if (!terms.ok) return terms;
  const open = publicAddress(env);
  if (!open.ok) return open;
  const issuer = issuerSettings(env);
  if (!issuer.ok) return issuer;
  const attachmentLimit = attachmentBytes(env);
  if (!attachmentLimit.ok) return attachmentLimit;
  const notifier = smtpNotifier(env);
  if (!notifier.ok) return notifier;
  await claimPort(host, port);
  const opened = await openInstallation({
    ...options,
    owner: `the server at http://${host}:${port}`,
    metrics: measurePromql,
    notifier: notifier.value,
  });
  if (!opened.ok) return opened;
  const installation = opened.value;
  const { store } = installation;
  const worker = await orClosed(store, async () => {
    if (options.holdDeployments) await hold(installation);
    return await workOn(installation, say);
  });
  try {
    const first = await firstStart(installation, options);
    if (!first.ok) {
      await endAll(worker, store);
      return first;
    }
    const settings = issuer.value;
    const outside = settings && { db: store.db, door: installation.door, verifier: tokenVerifier(settings), settings };
    let address = "";
    const served = routes(installation, worker.boss, {
      signInAddress: (code) => `${open.value ?? address}/#sign-in=${code}`,
      terms: terms.value,
      attachmentLimit: attachmentLimit.value,
    });
    const sample = new SampleMaker({ installation, handlers: served, say });
    const app = await createHttpApp({
      handlers: {
        ...served,
        ...sampleRoutes({
          installation,
          maker: sample,
          terms: terms.value,
          offer: sampleOffer(options),
          say,
        }),
      },
      authenticate: (token, ip) =>
        outside && looksLikeJwt(token) ? authenticateOutside(outside, token, ip) : authenticate(store.db, token, ip),
      authenticateSession: (secret, ip) =>
        authenticateSession(store.db, secret, ip, { now: new Date(), terms: terms.value }),
      streams: {
        stillGood: (credentials) =>
          stillGood(store.db, credentials, { now: new Date(), terms: terms.value, permission: "change.read" }),
      },
      recordRefusal: (...refused) => installation.door.recordRefusal(...refused),
      publicAddress: open.value,
      trustProxy: trustedProxies(env),
      metrics: installationMetrics(store.db, async () => (await worker.boss.findJobs(DEAD_LETTERS)).length),
      ready: async () => ({
        ok: await isReachable(installation),
        checks: { store: store.kind, postgres: store.serverVersion },
      }),
      version: await productVersion(),
      onError: (error, info) =>
        say(
          `error ${JSON.stringify(info)}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        ),
    });
    const listening = await app.listen({ host, port });
    address = listening.replace("[::1]", "localhost");
    const code = first.value.signInCode;
    if (options.demo && options.sampleChanges) await sample.begin();
    return accept({
      address,
      ...(code === undefined ? {} : { signInLink: `${open.value ?? address}/#sign-in=${code}` }),
      close: async () => {
        try {
          await app.close();
          await sample.close();
        } finally {
          await endAll(worker, store);
        }
      },
    });
  } catch (error) {
    await endAll(worker, store);
    throw error;
  }
}

/** Does what comes after the store was opened; where that fails, the store is closed. */
async function orClosed<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function hold({ door }: Installation): Promise<void> {
  const reason = { reason: "The server was started with --hold-deployments." };
  const held = await door.execute(holdDeployments, reason, { actor: INSTALLER });
  if (!held.ok && held.refusal.code !== "DEPLOYMENTS_HELD") throw new Error(held.refusal.message);
}

/** Limits of approvals are hours and days: a quarter of a minute is soon enough. */
const DEADLINES_MS = 15_000;
const SCHEDULE_MS = 5_000;
const WATCH_MS = 1_000;

async function workOn(installation: Installation, say: (line: string) => void): Promise<Worker> {
  const { store, handlers, key, door } = installation;
  const rounds = [
    { name: "deadlines", pauseMs: DEADLINES_MS, work: () => tellDeadlines(store.db, door, new Date()) },
    { name: "scheduled deployments", pauseMs: SCHEDULE_MS, work: () => beginScheduled(store.db, door, new Date()) },
    { name: "watches", pauseMs: WATCH_MS, work: () => askForEvaluations(store.db, new Date()) },
  ];
  const worker = await startWorking({ store, handlers, key, say, rounds });
  installation.onCommit = (events) => worker.wake(events);
  return worker;
}

/** Ends the worker and closes the store, whether the worker could end in order or not. */
async function endAll(worker: Worker, store: Store): Promise<void> {
  try {
    await worker.close();
  } finally {
    await store.close();
  }
}

/** Starts a worker alone, beside servers that share its Postgres. */
export async function startWorker(
  options: PlaceOptions & { readonly databaseUrl: string },
): Promise<Outcome<{ close(): Promise<void> }>> {
  const notifier = smtpNotifier(options.env);
  if (!notifier.ok) return notifier;
  const opened = await openInstallation({
    ...options,
    owner: "a worker",
    metrics: measurePromql,
    notifier: notifier.value,
  });
  if (!opened.ok) return opened;
  const { store } = opened.value;
  const worker = await orClosed(store, () => workOn(opened.value, options.say));
  return accept({ close: () => endAll(worker, store) });
}

/** Writes everything stored into a file, which appears only when it is whole. Refuses with STORE_IN_USE while a server owns the folder. */
export async function backupTo(
  file: string,
  { dataDir, databaseUrl, say }: PlaceOptions,
): Promise<Outcome<{ file: string }>> {
  const opened = await openStore(
    databaseUrl === undefined ? { dataDir, owner: "a backup", say } : { databaseUrl, say },
  );
  if (!opened.ok) return opened;
  const part = `${file}.part`;
  try {
    await pipeline(Readable.from(backupStore(opened.value)), createWriteStream(part, { mode: 0o600 }));
    await rename(part, file);
    return accept({ file });
  } finally {
    await rm(part, { force: true });
    await opened.value.close();
  }
}

/** Puts a backup into an empty store. */
export async function restoreFrom(
  file: string,
  { dataDir, databaseUrl, say }: PlaceOptions,
): Promise<Outcome<{ rows: number }>> {
  const opened = await openStore(
    databaseUrl === undefined ? { dataDir, owner: "a restore", say } : { databaseUrl, say },
  );
  if (!opened.ok) return opened;
  try {
    return await restoreStore(opened.value, createReadStream(file));
  } finally {
    await opened.value.close();
  }
}

function routes(
  installation: Installation,
  boss: Parameters<typeof deadLetterRoutes>[0]["boss"],
  {
    signInAddress,
    terms,
    attachmentLimit,
  }: { signInAddress: (code: string) => string; terms: SessionTerms; attachmentLimit: number },
): Handlers {
  const { store, door, processes, targets, key, accountKey } = installation;
  const { db } = store;
  return {
    ...changeRoutes({ db, door, processes, targets }),
    ...requestFileRoutes({ db, processes }),
    ...processHistoryRoutes({ db }),
    ...processComparisonRoutes({ db, processes }),
    ...draftRoutes({ db, cacheFolder: installation.cacheFolder, engine: installation.rehearsalEngine }),
    ...holdRoutes({ db, door }),
    ...driftRoutes({ db, targets }),
    ...attachmentRoutes({ db, door, bytes: attachmentLimit }),
    ...peopleRoutes({ db, door, signInAddress }),
    ...savedViewRoutes({ db, door }),
    ...ticketRoutes({ db, door }),
    ...delegationRoutes({ db, door }),
    ...meetingRoutes({ db, door, processes }),
    ...boardRoutes({ db, processes }),
    ...signInRoutes({ db, door, key: accountKey, terms }),
    ...workspaceRoutes({ db, door, processes, targets }),
    ...auditRoutes({ db, door, key }),
    ...deadLetterRoutes({ db, door, boss }),
    ...eventHandlers({
      subscribe: ({ actor, ...options }) =>
        followEvents(db, {
          ...options,
          ...(checkPermission(actor, "account.own").ok ? { ownStream: userStream(actor.userId) } : {}),
        }),
      permitted: (actor) => checkPermission(actor, "change.read"),
    }),
    ...backupRoutes({ store, door }),
  };
}

/** Rejects with EADDRINUSE or EACCES before anything is prepared for a server that could not listen. */
async function claimPort(host: string, port: number): Promise<void> {
  const trial = createServer();
  trial.listen({ host, port, exclusive: true });
  await once(trial, "listening");
  trial.close();
  await once(trial, "close");
}

async function isReachable({ store }: Installation): Promise<boolean> {
  try {
    await store.pool.query("SELECT 1");
    return true;
  } catch {
    // Not ready is the answer; the reason is in the log of the pool.
    return false;
  }
}

async function productVersion(): Promise<string> {
  const text = await readFile(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
