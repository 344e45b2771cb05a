import { isDeepStrictEqual } from "node:util";
import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import type { Targets } from "@change-mgmt/server/assets/databases/target.ts";
import { createTargets } from "@change-mgmt/server/assets/databases/targets.ts";
import { requestDeployment } from "@change-mgmt/server/lifecycle/deployment/request-deployment.ts";
import { runDeployment, StepToRetry } from "@change-mgmt/server/lifecycle/deployment/run-deployment.ts";
import { signOffStep, stopDeployment } from "@change-mgmt/server/lifecycle/deployment/stop-deployment.ts";
import type { Store } from "@change-mgmt/server/storage/store.ts";
import { type OwnPostgres, startOwn, startPostgres, type TestPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { accepted, aSmallWorkspace, type SmallWorkspace } from "@change-mgmt/server/testing/small-workspace.ts";
import { openedStore } from "@change-mgmt/server/testing/stores.ts";
import { column, type HostileCase } from "./case.ts";
import { Site } from "./site.ts";

/** What a deployment on a hostile target came to. */
export interface Came {
  readonly state: string;
  readonly code: string;
  readonly says: string;
  readonly hint: string;
  readonly left: string;
}

export interface Tried {
  readonly name: string;
  /** Why it could not be tried here. */
  readonly impossible?: string;
  readonly record?: Came;
  /** What was not as it must be; empty when everything was. */
  readonly wrong: readonly string[];
}

/** How often the queue lets a deployment be taken up before its last try; fewer than in earnest, where pauses between them grow. */
const TRIES = 4;
const PAUSE_MS = 300;

/** A store of ours on one server, and another server for targets that may be treated as badly as one likes. */
export class HostileGround {
  readonly #servers: readonly [TestPostgres, OwnPostgres];
  readonly #store: Store;
  readonly #workspace: SmallWorkspace;
  #sites = 0;

  private constructor(servers: readonly [TestPostgres, OwnPostgres], store: Store, workspace: SmallWorkspace) {
    this.#servers = servers;
    this.#store = store;
    this.#workspace = workspace;
  }

  static async make(): Promise<HostileGround> {
    const servers = await Promise.all([startPostgres(), startOwn()]);
    const store = await openedStore({ databaseUrl: await servers[0].newDatabase() });
    return new HostileGround(servers, store, await aSmallWorkspace(store));
  }

  async close(): Promise<void> {
    await this.#store.close();
    for (const server of this.#servers) await server.stop();
  }

  /** Tries one case: what the deployment ends as and says, whether it is true, and whether everything goes on once the trouble is over. */
  async try(hostile: HostileCase): Promise<Tried> {
    const { name } = hostile;
    const impossible = hostile.impossible?.();
    if (impossible !== undefined) return { name, impossible, wrong: [] };
    const environment = `hostile_${++this.#sites}`;
    const [, server] = this.#servers;
    const ordinary = (tablespace?: string) => Site.make(server, environment, tablespace);
    const site = await (hostile.make ?? ((make) => make()))(ordinary);
    const trial = new Trial(this.#store, this.#workspace, site, environment);
    try {
      const record = await trial.run(hostile);
      return { name, record, wrong: trial.wrong };
    } catch (error) {
      return { name, wrong: [...trial.wrong, String((error as Error).stack)] };
    } finally {
      await site.remove();
    }
  }
}

class Trial {
  readonly #store: Store;
  readonly #workspace: SmallWorkspace;
  readonly #site: Site;
  readonly #environment: string;
  readonly #targets: Targets;
  readonly wrong: string[] = [];

  constructor(store: Store, workspace: SmallWorkspace, site: Site, environment: string) {
    this.#store = store;
    this.#workspace = workspace;
    this.#site = site;
    this.#environment = environment;
    const env = {
      get HOSTILE_DATABASE_URL() {
        return site.address;
      },
    };
    this.#targets = createTargets({ dataFolder: "/nowhere", env });
  }

  async run(hostile: HostileCase): Promise<Came> {
    const { end } = hostile;
    const site = this.#site;
    const patience = { lockTimeoutMs: 300, statementTimeoutMs: 0, retries: 1, ...hostile.limits };
    const place = { name: this.#environment, database: "$" + "{HOSTILE_DATABASE_URL}", ...patience };
    await this.#workspace.configure([place]);
    const first: string[] = hostile.known ? ["first"] : [];
    if (hostile.known) this.#must("the first change", (await this.#deploy([column("first")])).state, "succeeded");

    const artifacts = hostile.artifacts ?? [column("one")];
    const change = await this.#workspace.submitted(artifacts);
    await hostile.before?.(site);
    const record = await this.#deployed(change, hostile);
    this.#must("it ends as", [record.state, record.code], [end.state, end.code ?? ""]);
    this.#mustSay("its sentence", record.says, end.says);
    this.#mustSay("its hint", record.hint, end.hint);
    this.#mustSay("what it says of the target", record.left, end.left);
    if (end.state !== "succeeded" && (record.says === "" || record.hint === "")) this.wrong.push("it says nothing");
    this.#must("the environment stands as", await this.#standing(change), end.standing);

    await hostile.over?.(site);
    await site.untilNobodyIsThere();
    const mine = (all: readonly string[]) => all.filter((one) => one !== "first").sort();
    this.#must("on the target there is", mine(await site.made()), [...end.there].sort());
    const whole = end.there.filter((one) => !one.endsWith(" (INVALID)"));
    this.#must("the ledger of the target has", mine(await site.inLedger()), whole.sort());

    const other = await this.#deploy([column("other")]);
    this.#must("the next change of the environment", [other.state, other.says], ["succeeded", ""]);
    const wanted = artifacts.filter(({ kind }) => kind === "migration").map(({ id }) => id);
    if (end.state !== "succeeded") {
      const again = await this.#deployed(change, {});
      this.#must("the repeat", [again.state, again.says], ["succeeded", ""]);
    }
    this.#must("in the end there is", await site.made(), [...first, ...wanted, "other"].sort());
    this.#must("in the end the ledger has", await site.inLedger(), [...first, ...wanted, "other"].sort());
    await site.untilNobodyIsThere();
    await this.#holdRecords(change);
    return record;
  }

  #must(what: string, is: unknown, be: unknown): void {
    if (!isDeepStrictEqual(is, be)) this.wrong.push(`${what}: is ${JSON.stringify(is)}, must be ${JSON.stringify(be)}`);
  }

  #mustSay(what: string, said: string, pattern: RegExp | undefined): void {
    if (pattern !== undefined && !pattern.test(said)) this.wrong.push(`${what}: is "${said}", must match ${pattern}`);
  }

  async #deploy(artifacts: readonly Artifact[]): Promise<Came> {
    return await this.#deployed(await this.#workspace.submitted(artifacts), {});
  }

  /** Deploys as the worker would: again while a step asks for it, on when somebody has signed off, to the end. */
  async #deployed(change: string, hostile: Pick<HostileCase, "during" | "waiting">): Promise<Came> {
    const { door, people } = this.#workspace;
    const input = { id: change, environment: this.#environment };
    const { deployment } = accepted(await door.execute(requestDeployment, input, { actor: people.lena }));
    const cancel = async () =>
      void accepted(
        await door.execute(stopDeployment, { id: change, deployment, reason: "Too long." }, { actor: people.olga }),
      );
    const over = new AbortController();
    const during = hostile.during?.(this.#site, cancel, over.signal);
    const tools = { db: this.#store.db, door, targets: this.#targets, leaseMs: 1500 };
    for (let tries = 1; ; tries++) {
      try {
        await runDeployment(tools, deployment, new AbortController().signal, tries >= TRIES);
      } catch (error) {
        if (!(error instanceof StepToRetry)) this.wrong.push(`it broke: ${(error as Error).stack}`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      const row = await this.#store.db
        .selectFrom("deployments")
        .select(["state", "refusal", "target_state"])
        .where("id", "=", deployment)
        .executeTakeFirstOrThrow();
      if (row.state === "waiting") {
        await hostile.waiting?.(this.#site);
        accepted(await door.execute(signOffStep, { id: change, step: "hand:look" }, { actor: people.ben }));
        tries = 0;
      } else if (!["requested", "running"].includes(row.state)) {
        over.abort();
        await during;
        const refusal = row.refusal as { code: string; message: string; hint: string } | null;
        const { code = "", message = "", hint = "" } = refusal ?? {};
        return { state: row.state, code, says: message, hint, left: row.target_state ?? "" };
      } else if (tries > TRIES + 2) {
        throw new Error(`the deployment is ${row.state} after its last try`);
      } else {
        // The one before may still hold the environment for a moment.
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  async #standing(change: string): Promise<string | undefined> {
    const row = await this.#store.db
      .selectFrom("change_environments")
      .select("state")
      .where("change_id", "=", change)
      .where("environment", "=", this.#environment)
      .executeTakeFirst();
    return row?.state;
  }

  /** The trail tells the end of each deployment once, as the deployment has it; no lease is left; no secret is anywhere. */
  async #holdRecords(change: string): Promise<void> {
    const { db } = this.#store;
    const deployments = await db
      .selectFrom("deployments")
      .selectAll()
      .where("change_id", "=", change)
      .orderBy("id")
      .execute();
    const entries = await db
      .selectFrom("audit_trail")
      .selectAll()
      .where("change_id", "=", change)
      .orderBy("id")
      .execute();
    const ends = entries
      .filter(({ action }) => /^deployment\.(succeeded|failed|cancelled)$/.test(action))
      .map(({ action, details }) => {
        const told = details as { deployment: string; code?: string; message?: string; targetState: string };
        return [action, told.deployment, told.code, told.message, told.targetState];
      });
    this.#must(
      "the trail tells the ends",
      ends,
      deployments.map(({ id, state, refusal, target_state }) => {
        const { code, message } = (refusal ?? {}) as { code?: string; message?: string };
        return [`deployment.${state}`, id, code, message, target_state];
      }),
    );
    const held = await db
      .selectFrom("leases")
      .select("resource")
      .where("resource", "=", `environment:${this.#environment}`)
      .where("expires_at", ">", new Date())
      .execute();
    this.#must("leases held", held, []);
    const ids = deployments.map(({ id }) => id);
    const steps = await db.selectFrom("deployment_steps").selectAll().where("deployment_id", "in", ids).execute();
    const output = await db.selectFrom("deployment_output").selectAll().where("deployment_id", "in", ids).execute();
    const all = JSON.stringify([deployments, entries, steps, output]);
    for (const secret of this.#site.secrets) if (all.includes(secret)) this.wrong.push("a password is in the records");
  }
}
