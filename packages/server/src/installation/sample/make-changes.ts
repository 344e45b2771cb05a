import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readYaml } from "@change-mgmt/analysis/configuration/yaml-file.ts";
import { CreateChange } from "@change-mgmt/api/changes.ts";
import { endpoints } from "@change-mgmt/api/endpoints.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { z } from "zod";
import type { Handlers } from "../../commands/handler.ts";
import { loadActor } from "../../identity/actors.ts";
import { newId } from "../../storage/ids.ts";
import { releaseLease, takeLease } from "../../storage/leases.ts";
import type { Db } from "../../storage/store.ts";
import { SHOP } from "../sample-workspace.ts";
import { ADMINISTRATOR, type SampleAct, type SampleStory, type Until } from "./act.ts";
import { sampleMaker, sampleState } from "./sample-record.ts";
import { SAMPLE_STORIES } from "./stories.ts";

/** Held by whoever makes or removes the sample. */
export const SAMPLE_LEASE = "sample";
const LEASE_MS = 15_000;
const POLL_MS = 150;
/** So long the work in the background may take to bring a change where a story expects it; on a slow machine it is seconds. */
const PATIENCE_MS = 180_000;

export interface SampleMaking {
  readonly db: Db;
  /** The handlers that HTTP has, so that each act is an ordinary command of an ordinary person. */
  readonly handlers: Handlers;
  readonly say: (line: string) => void;
  /** Ends the making; the next start carries it on. */
  readonly signal: AbortSignal;
  readonly stories?: readonly SampleStory[];
  readonly patienceMs?: number;
}

type Change = z.output<(typeof endpoints)["changes.get"]["response"]>;
type AnyHandler = (call: object) => Promise<Outcome<unknown>>;

/**
 * Brings the changes of the sample to where they are interesting, each act through the ordinary handlers and as its person. What was done
 * is written down act by act, so a making that was cut off is carried on; of several processes one makes it. A change that somebody has
 * taken another way meanwhile is left to them. Answers false when it was not this process's to finish.
 */
export async function makeSampleChanges(making: SampleMaking): Promise<boolean> {
  const { db, say, signal, stories = SAMPLE_STORIES } = making;
  const holder = newId();
  while ((await takeLease(db, SAMPLE_LEASE, holder, LEASE_MS)) === undefined) {
    if (signal.aborted || (await sampleState(db)) !== "making") return false;
    await pause(1000, undefined, { signal }).catch(() => undefined);
  }
  const stop = new AbortController();
  let renewed: Promise<void> | undefined;
  const keeping = setInterval(() => {
    renewed = takeLease(db, SAMPLE_LEASE, holder, LEASE_MS).then(
      (fence) => {
        if (fence === undefined) stop.abort();
      },
      () => stop.abort(),
    );
  }, LEASE_MS / 3);
  try {
    const kept = { ...making, signal: AbortSignal.any([signal, stop.signal]) };
    let told = 0;
    for (const [index, story] of stories.entries()) {
      if (kept.signal.aborted || (await sampleState(db)) !== "making") return false;
      const played = await new Play(kept, story).run();
      if (played === "stopped") return false;
      if (played === "made") {
        told += 1;
        say(`making the sample: ${index + 1} of ${stories.length} changes`);
      }
    }
    await db
      .updateTable("sample_workspace")
      .set({ state: "made", changed_at: new Date() })
      .where("state", "=", "making")
      .execute();
    if (told > 0) say("the sample is made");
    return true;
  } finally {
    clearInterval(keeping);
    // One that came after the release would keep everybody out until it runs out.
    await renewed;
    await releaseLease(db, SAMPLE_LEASE, holder);
  }
}

/** One story from where it was left. */
class Play {
  readonly #making: SampleMaking;
  readonly #story: SampleStory;
  #change = "";

  constructor(making: SampleMaking, story: SampleStory) {
    this.#making = making;
    this.#story = story;
  }

  async run(): Promise<"made" | "was made" | "stopped"> {
    const { db, signal } = this.#making;
    const { id, acts, end } = this.#story;
    const row = await db.selectFrom("sample_changes").selectAll().where("story", "=", id).executeTakeFirst();
    if (row?.over) return "was made";
    if (row?.change_id) this.#change = row.change_id;
    else {
      const created = await this.#create();
      if (!created.ok) return await this.#giveUp(created);
    }
    for (let done = row?.acts_done ?? 0; done < acts.length; done++) {
      const act = acts[done]!;
      if (act.after && !(await this.#until(act.after))) return signal.aborted ? "stopped" : await this.#giveUp();
      const outcome = await this.#do(act, done);
      if (signal.aborted) return "stopped";
      if (!outcome.ok) return await this.#giveUp(outcome);
      await this.#note({ acts_done: done + 1 });
    }
    if (end && !(await this.#until(end))) return signal.aborted ? "stopped" : await this.#giveUp();
    await this.#note({ over: true });
    return "made";
  }

  /** Leaves the change to whoever took it another way. */
  async #giveUp(why?: Outcome<unknown>): Promise<"made"> {
    const reason = why && !why.ok ? why.refusal.message : "it does not come to where it was expected";
    this.#making.say(`the sample change "${this.#story.id}" is left as it is: ${reason}`);
    await this.#note({ over: true });
    return "made";
  }

  async #create(): Promise<Outcome<true>> {
    const { folder, requester, id, migration } = this.#story;
    const at = join(SHOP, "changes", folder);
    const file = readYaml(await readFile(join(at, "change.yaml"), "utf8"), "change.yaml", "CHANGE_FILE_INVALID");
    if (!file.ok) return file;
    const form = file.value.value as z.input<typeof CreateChange>;
    const artifact = migration && {
      kind: "migration" as const,
      id: "migration",
      name: migration,
      up: await readFile(join(at, "up.sql"), "utf8"),
      down: await readFile(join(at, "down.sql"), "utf8"),
    };
    const body = CreateChange.parse({
      ...form,
      artifacts: [...(form.artifacts ?? []), ...(artifact ? [artifact] : [])],
    });
    const made = await this.#call("changes.create", requester, { body, idempotencyKey: `sample:${id}:create` });
    if (!made.ok) return made;
    this.#change = (made.value as Change).id;
    await this.#note({ change_id: this.#change });
    return accept(true);
  }

  async #do(act: SampleAct, index: number): Promise<Outcome<unknown>> {
    const { signal } = this.#making;
    const body =
      "contentHash" in (act.body ?? {}) ? { ...act.body, contentHash: (await this.#read()).contentHash } : act.body;
    const call = {
      body: (endpoints[act.act] as { body: z.ZodType }).body.parse(body),
      params: { id: this.#change, ...(act.step ? { stepId: act.step } : {}) },
      idempotencyKey: `sample:${this.#story.id}:${index}`,
    };
    const deadline = this.#deadline();
    for (;;) {
      const outcome = await this.#call(act.act, act.as, call);
      // Somebody else's deployment has the environment: it will end.
      const busy = !outcome.ok && outcome.refusal.code === "ENVIRONMENT_BUSY";
      if (!busy || signal.aborted || performance.now() > deadline) return outcome;
      await this.#pause();
    }
  }

  /** Waits until the work in the background has brought the change there; false when it has gone elsewhere or time is up. */
  async #until(until: Until): Promise<boolean> {
    const { signal } = this.#making;
    const deadline = this.#deadline();
    while (!(await this.#isSo(until))) {
      if (signal.aborted || performance.now() > deadline) return false;
      await this.#pause();
    }
    return true;
  }

  async #isSo(until: Until): Promise<boolean> {
    if ("status" in until) return (await this.#read()).status === until.status;
    if ("environment" in until)
      return (await this.#read()).environments.some(
        ({ environment, state }) => environment === until.environment && state === until.state,
      );
    if ("rehearsed" in until) {
      const { db } = this.#making;
      const rows = await db.selectFrom("rehearsals").select("artifact").where("change_id", "=", this.#change).execute();
      return rows.length > 0;
    }
    const row = await this.#making.db
      .selectFrom("deployment_steps as s")
      .innerJoin("deployments as d", "d.id", "s.deployment_id")
      .select("s.step")
      .where("d.change_id", "=", this.#change)
      .where("d.state", "=", "waiting")
      .where("s.state", "=", "waiting")
      .where("s.step", "=", until.waitingFor)
      .executeTakeFirst();
    return row !== undefined;
  }

  async #read(): Promise<Change> {
    const read = await this.#call("changes.get", ADMINISTRATOR, { params: { id: this.#change } });
    if (!read.ok) throw new Error(read.refusal.message);
    return read.value as Change;
  }

  async #call(name: keyof Handlers, as: string, call: object): Promise<Outcome<unknown>> {
    const { handlers, signal } = this.#making;
    const actor = await this.#actor(as);
    if (!actor)
      return refuse("PERSON_UNKNOWN", `There is nobody called "${as}" here any more.`, "Nothing is to be done.");
    const handler = handlers[name] as AnyHandler | undefined;
    if (!handler) throw new Error(`nobody handles ${name}`);
    return await handler({ query: {}, actor, signal, ...call });
  }

  async #actor(as: string): Promise<Actor | undefined> {
    const { db } = this.#making;
    if (as !== ADMINISTRATOR) return await loadActor(db, as);
    const by = await sampleMaker(db);
    return by === undefined ? undefined : await loadActor(db, by);
  }

  async #note(what: { change_id?: string; acts_done?: number; over?: boolean }): Promise<void> {
    await this.#making.db
      .insertInto("sample_changes")
      .values({ story: this.#story.id, change_id: null, acts_done: 0, over: false, ...what })
      .onConflict((conflict) => conflict.column("story").doUpdateSet(what))
      .execute();
  }

  #deadline(): number {
    return performance.now() + (this.#making.patienceMs ?? PATIENCE_MS);
  }

  async #pause(): Promise<void> {
    await pause(POLL_MS, undefined, { signal: this.#making.signal }).catch(() => undefined);
  }
}
