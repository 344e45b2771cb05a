import { setTimeout as pause } from "node:timers/promises";
import type { Sample, SampleRemoval } from "@change-mgmt/api/sample.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { z } from "zod";
import { sessionView } from "../../assets/people/account-queries.ts";
import { beginSession, sampleAccounts } from "../../assets/people/session-commands.ts";
import type { Call, Handlers } from "../../commands/handler.ts";
import { loadActor } from "../../identity/actors.ts";
import type { SessionTerms } from "../../identity/sessions.ts";
import { readOverview } from "../../lifecycle/overview.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import { newId } from "../../storage/ids.ts";
import { releaseLease, takeLease } from "../../storage/leases.ts";
import type { Installation } from "../open.ts";
import { makeSampleWorkspace } from "../sample-workspace.ts";
import { SAMPLE_LEASE } from "./make-changes.ts";
import { announceRemoval, removeSample, type SampleHoldings, sampleHoldings } from "./remove-sample.ts";
import type { SampleMaker } from "./sample-maker.ts";
import { isOffered, type SampleOffer } from "./sample-offer.ts";
import { sampleState } from "./sample-record.ts";
import { SAMPLE_STORIES } from "./stories.ts";

export interface SampleRoutes {
  readonly installation: Installation;
  readonly maker: SampleMaker;
  readonly terms: SessionTerms;
  readonly offer: SampleOffer;
  readonly say: (line: string) => void;
}

/** So long deployments may take to stop before a removal gives up. */
const STOPPING_MS = 60_000;
const LEASE_MS = 120_000;
const POLL_MS = 200;
const THERE: ReadonlySet<string | undefined> = new Set(["people", "making", "made"]);

/** The sample workspace over HTTP: what it is, signing in as its people, making it and removing it. */
export function sampleRoutes({ installation, maker, terms, offer, say }: SampleRoutes): Handlers {
  const { store, door, accountKey, targets } = installation;
  const { db } = store;
  const begin = beginSession(accountKey, terms);
  const offered = async ({ actor, host }: Pick<Call<"sample.get">, "actor" | "host">) =>
    isOffered(offer, {
      ...(actor.ipAddress === undefined ? {} : { ip: actor.ipAddress }),
      ...(host === undefined ? {} : { host }),
    }) && THERE.has(await sampleState(db));

  async function view(call: Pick<Call<"sample.get">, "actor" | "host">): Promise<z.input<typeof Sample>> {
    const signIn = await offered(call);
    const mayKnow = signIn || checkPermission(call.actor, "change.read").ok;
    const state = (mayKnow && (await sampleState(db))) || "none";
    const made =
      state === "none" ? [] : await db.selectFrom("sample_changes").select("story").where("over", "=", true).execute();
    return {
      state,
      made: made.length,
      inAll: state === "none" ? 0 : SAMPLE_STORIES.length,
      signIn,
      people: signIn ? await samplePeople(installation) : [],
    };
  }

  async function remove(call: Call<"sample.remove">): Promise<Outcome<z.input<typeof SampleRemoval>>> {
    const permitted = checkPermission(call.actor, "sample.manage");
    if (!permitted.ok) return permitted;
    const { actor } = call;
    if (call.body.dryRun) {
      const held = await sampleHoldings(db);
      return held.ok ? accept(shown(held.value, false)) : held;
    }
    const announced = await door.execute(announceRemoval, {}, { actor });
    if (!announced.ok) return announced;
    await maker.close();
    const holder = newId();
    const deadline = performance.now() + STOPPING_MS;
    const late = () => performance.now() > deadline;
    while ((await takeLease(db, SAMPLE_LEASE, holder, LEASE_MS)) === undefined) {
      if (late()) return refuse("SAMPLE_BUSY", "Another process is making or removing the sample.", "Try again.");
      await pause(POLL_MS);
    }
    try {
      const environments = (await currentConfiguration(db))?.document.environments ?? [];
      let removed = await door.execute(removeSample, {}, { actor });
      while (!removed.ok && removed.refusal.code === "SAMPLE_BUSY" && !late()) {
        await pause(POLL_MS);
        if ((await runningDeployments()) === 0) removed = await door.execute(removeSample, {}, { actor });
      }
      if (!removed.ok) return removed;
      for (const environment of environments) {
        const gone = await targets.remove(environment);
        // The store has forgotten it; whoever makes the sample again begins with removing what is left.
        if (!gone.ok) say(`the sample database of ${environment.name} is still there: ${gone.refusal.message}`);
      }
      return accept(shown(removed.value, true));
    } finally {
      await releaseLease(db, SAMPLE_LEASE, holder);
    }
  }

  async function runningDeployments(): Promise<number> {
    const rows = await db
      .selectFrom("deployments")
      .select("id")
      .where("state", "in", ["requested", "running", "waiting"])
      .execute();
    return rows.length;
  }

  return {
    "sample.get": async (call) => accept(await view(call)),
    "sample.signIn": async (call) => {
      if (!(await offered(call))) return notOffered();
      const actor = await loadActor(db, call.body.user);
      const { ipAddress } = call.actor;
      const begun = await door.execute(
        begin,
        {
          handle: call.body.user,
          proof: { sample: true },
          userAgent: call.userAgent,
          replaces: call.sessionId,
        },
        { actor: actor ? { ...actor, ...(ipAddress ? { ipAddress } : {}) } : call.actor },
      );
      if (!begun.ok) return begun;
      const { secret, expiresAt, id } = begun.value;
      return { ...accept(await sessionView(db, id)), cookie: { secret, expiresAt } };
    },
    "sample.make": async (call) => {
      const permitted = checkPermission(call.actor, "sample.manage");
      if (!permitted.ok) return permitted;
      if ((await sampleState(db)) !== "people") {
        const made = await makeSampleWorkspace(installation, call.actor, say, true);
        if (!made.ok) return made;
      }
      await maker.begin();
      return accept(await view(call));
    },
    "sample.remove": remove,
  };
}

/** The sample people whom one may sign in as, in the order of the workspace, with what waits for each. */
async function samplePeople({ store: { db }, processes }: Installation) {
  const people = await sampleAccounts(db).orderBy("u.created_at").orderBy("u.id").execute();
  const found: z.input<typeof Sample>["people"] = [];
  for (const { handle, name } of people) {
    const actor = await loadActor(db, handle);
    if (!actor) continue;
    const { waitingForMe } = await readOverview(db, processes, actor, new Date());
    // Whatever any of several people could sign off says least about this one.
    const first = waitingForMe.find(({ act }) => act !== "sign-off") ?? waitingForMe[0];
    found.push({
      handle,
      name,
      roles: [...actor.roles],
      teams: [...actor.teams],
      waiting: waitingForMe.length,
      first: first ? `${first.change.number}: ${first.reason}` : null,
    });
  }
  return found;
}

function shown(held: SampleHoldings, done: boolean): z.input<typeof SampleRemoval> {
  return {
    done,
    changes: held.changes.map(({ number }) => number),
    people: held.people.map(({ handle }) => handle),
    teams: [...held.teams],
    environments: [...held.environments],
    running: held.running.map(({ number }) => number),
  };
}

function notOffered() {
  return refuse(
    "SAMPLE_SIGN_IN_OFF",
    "Signing in as a person of the sample workspace is not offered here.",
    "It is offered on the machine that the server runs on, while the sample workspace is there. Sign in with a password or a link.",
  );
}
