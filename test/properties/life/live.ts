import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import fc from "fast-check";
import { anyIntent, type Intent, type Meant, meant, REQUESTERS } from "./acts.ts";
import { brokenPromises, fingerprint } from "./invariants.ts";
import { type Act, doneAfter, mayEndIn, reasonsAgainst, type Seen, stageAfter } from "./model.ts";
import { World } from "./world.ts";

/** What lives came to, for nobody to take it for much when it was little. */
export interface Coverage {
  lives: number;
  acts: number;
  accepted: number;
  atOnce: number;
  /** By code. */
  readonly refused: Record<string, number>;
  /** Moves by `stage`, and deployments that ended by `direction environment state`. */
  readonly reached: Record<string, number>;
}

/** Refusals of one person with one code that are all written down; what is beyond may be left out. */
const WRITTEN_FOR_SURE = 20;
/** Turns between two looks at all that is stored, which keeps every promise that was broken in between. */
const LOOK_EVERY = 4;
const count = (into: Record<string, number>, what: string) => {
  into[what] = (into[what] ?? 0) + 1;
};

/** A life of two changes: what is done to them one after the other, some of it by several people at once. */
const anyLife = fc.record({
  requesters: fc.tuple(fc.constantFrom(...REQUESTERS), fc.constantFrom(...REQUESTERS)),
  // What carries nothing cannot be validated, so that life stays short.
  manual: fc.tuple(
    fc.constant(true),
    fc.integer({ min: 0, max: 7 }).map((n) => n > 0),
  ),
  turns: fc.array(
    fc.oneof({ arbitrary: fc.tuple(anyIntent), weight: 9 }, { arbitrary: fc.tuple(anyIntent, anyIntent), weight: 1 }),
    {
      minLength: 40,
      maxLength: 100,
      size: "max",
    },
  ),
});
type Life = typeof anyLife extends fc.Arbitrary<infer T> ? T : never;

const towards = (aim: "on" | "back", times: number): [Intent][] =>
  Array.from({ length: times }, () => [{ which: 0, aim, who: 0, what: 0, pick: 1, odd: "nothing" }]);
/** Lives that are always among those lived: straight to the end; and to production, back out of it, and there again. */
const EXAMPLES: [Life][] = [
  [{ requesters: ["rosa", "dev"], manual: [true, true], turns: towards("on", 20) }],
  [
    {
      requesters: ["dev", "rosa"],
      manual: [true, false],
      turns: [...towards("on", 16), ...towards("back", 1), ...towards("on", 8)],
    },
  ],
];

/** Lives through the real door, with the real worker, on an embedded store, held against the model and the promises after each act. */
export class Lives {
  readonly coverage: Coverage = { lives: 0, acts: 0, accepted: 0, atOnce: 0, refused: {}, reached: {} };
  readonly #world: World;
  readonly #refusals = new Map<string, number>();

  private constructor(world: World) {
    this.#world = world;
  }

  static async open(): Promise<Lives> {
    return new Lives(await World.open());
  }

  close(): Promise<void> {
    return this.#world.close();
  }

  /** So many lives from a seed; throws with the seed and the life that breaks a promise, or with `shrink` the shortest there is. `lived` hears after each. */
  async run(
    runs: number,
    seed: number,
    { shrink = false, lived }: { readonly shrink?: boolean; readonly lived?: (coverage: Coverage) => void } = {},
  ): Promise<Coverage> {
    const { failed, errorInstance, counterexample, counterexamplePath } = await fc.check(
      fc.asyncProperty(anyLife, async (life) => {
        await this.#live(life);
        lived?.(this.coverage);
      }),
      { numRuns: runs, seed, examples: EXAMPLES, endOnFailure: !shrink },
    );
    if (failed)
      throw new Error(
        `${(errorInstance as Error).message}\nseed ${seed}, path ${counterexamplePath}; the life: ${JSON.stringify(counterexample)}`,
        { cause: errorInstance },
      );
    return this.coverage;
  }

  async #live({ requesters, manual, turns }: Life): Promise<void> {
    const world = this.#world;
    const changes = [await world.draft(requesters[0], manual[0]), await world.draft(requesters[1], manual[1])];
    try {
      await world.quiet();
      for (const [at, turn] of turns.entries()) {
        if (turn.length === 1) await this.#alone(turn[0], changes);
        else await this.#atOnce(turn, changes);
        if ((at + 1) % LOOK_EVERY > 0 && at + 1 < turns.length) continue;
        const broken = await brokenPromises(world, changes);
        if (broken.length > 0)
          throw new Error(`after ${JSON.stringify(turns.slice(0, at + 1))}:\n${broken.join("\n")}`);
      }
      this.coverage.lives += 1;
    } finally {
      await this.#end(changes);
    }
  }

  /** One act: refused or accepted as the model says, and led to where it says. */
  async #alone(intent: Intent, changes: readonly string[]): Promise<void> {
    const world = this.#world;
    const seen = await world.look(changes[intent.which % changes.length]!);
    const { act, who } = meant(intent, seen);
    const asked = {
      version: intent.odd === "version" ? seen.version - 1 + 2 * (intent.pick % 2) : undefined,
      unknown: intent.odd === "unknown",
    };
    const reasons = reasonsAgainst(act, world.actor(who), seen, await world.around(seen.id), asked);
    const before = await this.#state(changes, who);
    const outcome = await world.send(act, who, seen, asked);
    const said = `${who} ${JSON.stringify(act)} on ${JSON.stringify({ ...seen, steps: seen.steps.filter((step) => !step.done) })}`;
    this.#count(outcome);
    if (!outcome.ok) {
      const { code } = outcome.refusal;
      if (!reasons.has(code))
        throw new Error(
          `${said}\nwas refused as ${code} (${outcome.refusal.message}); expected: ${[...reasons].join(" or ") || "accepted"}`,
        );
      await this.#leftNothing(before, changes, who, code, said);
      return;
    }
    if (reasons.size > 0) throw new Error(`${said}\nwas accepted, though ${[...reasons].join(", ")}`);
    await this.#ledOn(act, who, seen, said);
  }

  async #ledOn(act: Act, who: string, seen: Seen, said: string): Promise<void> {
    const world = this.#world;
    await world.quiet();
    const after = await world.look(seen.id);
    const wrong: string[] = [];
    const stage = stageAfter(act, world.actor(who), seen, stepsAfter(act, seen, after));
    const [inHand] = await world.sql<NonNullable<Seen["running"]>>(
      "SELECT id, environment, direction FROM change_mgmt.deployments WHERE change_id = $1 ORDER BY id DESC LIMIT 1",
      [seen.id],
    );
    const moves = ["deploy", "roll-back", "sign-off", "stop"].includes(act.do);
    const expected = !moves || after.running ? [stage] : mayEndIn(stage, inHand, act.do === "stop");
    if (!expected.includes(after.stage)) wrong.push(`is in ${after.stage}, expected ${expected.join(" or ")}`);
    const done = after.steps
      .filter((step) => !step.automatic && step.done)
      .map(({ id }) => id)
      .sort();
    const due = doneAfter(act, seen);
    if (done.join() !== due.join()) wrong.push(`has done ${done.join(", ")}; expected ${due.join(", ")}`);
    if (after.version <= seen.version) wrong.push(`is at version ${after.version} after ${seen.version}`);
    if (!moves && after.version !== seen.version + 1)
      wrong.push(`went from version ${seen.version} to ${after.version} by one act`);
    if (act.do === "vote") {
      const votes = after.votes.length - seen.votes.length;
      if (votes !== 1 || after.votes.at(-1)!.contentHash !== seen.contentHash) wrong.push(`got ${votes} votes by one`);
    } else if (after.votes.length !== seen.votes.length) wrong.push("lost or got votes without one");
    if (moves && !after.running && inHand)
      count(this.coverage.reached, `${inHand.direction} ${inHand.environment} ${after.stage}`);
    if (after.stage !== seen.stage) count(this.coverage.reached, after.stage);
    if (wrong.length > 0) throw new Error(`${said}\nwas accepted, and now the change ${wrong.join("; ")}`);
  }

  /** Several acts at once: what was accepted and refused among them is what it is in one of their orders, as far as the model can tell. */
  async #atOnce(intents: readonly [Intent, Intent], changes: readonly string[]): Promise<void> {
    const world = this.#world;
    const seen = await world.look(changes[intents[0].which % changes.length]!);
    const acts: Meant[] = intents.map((intent) => meant({ ...intent, odd: "nothing" }, seen));
    const around = await world.around(seen.id);
    const asked = { version: undefined, unknown: false };
    const outcomes = await Promise.all(acts.map(({ act, who }) => world.send(act, who, seen, asked)));
    await world.quiet();
    this.coverage.atOnce += 1;
    for (const [at, outcome] of outcomes.entries()) {
      this.#count(outcome);
      if (!outcome.ok) this.#wasRefused(acts[at]!.who, outcome.refusal.code);
    }
    // Whichever came first found the change as it was: refused there means refused for the reasons it had then.
    const fits = acts.some(({ act, who }, at) => {
      const reasons = reasonsAgainst(act, world.actor(who), seen, around, asked);
      const outcome = outcomes[at]!;
      return outcome.ok ? reasons.size === 0 : reasons.has(outcome.refusal.code);
    });
    if (!fits) {
      const told = acts.map(({ act, who }, at) => `${who} ${JSON.stringify(act)}: ${answer(outcomes[at]!)}`).join("\n");
      throw new Error(
        `none of what was done at once was answered as it is when it comes first:\n${told}\non ${JSON.stringify(seen)}`,
      );
    }
    // The same by the same person twice counts once.
    const [one, other] = acts as [Meant, Meant];
    const same = one.who === other.who && JSON.stringify(one.act) === JSON.stringify(other.act);
    const once: readonly Act["do"][] = ["vote", "complete", "submit", "deploy", "roll-back", "close", "cancel"];
    if (same && once.includes(one.act.do) && outcomes.every(({ ok }) => ok))
      throw new Error(`${one.who} ${JSON.stringify(one.act)} counted twice on ${JSON.stringify(seen)}`);
  }

  #count(outcome: Outcome<unknown>): void {
    this.coverage.acts += 1;
    if (outcome.ok) this.coverage.accepted += 1;
    else count(this.coverage.refused, outcome.refusal.code);
  }

  async #state(changes: readonly string[], who: string) {
    const [row] = await this.#world.sql<{ refused: number }>(
      "SELECT count(*)::int AS refused FROM change_mgmt.audit_trail WHERE stream = $1",
      [`refused:${this.#world.actor(who).userId}`],
    );
    return { print: await fingerprint(this.#world, changes), refused: row!.refused };
  }

  async #leftNothing(
    before: { print: string; refused: number },
    changes: readonly string[],
    who: string,
    code: string,
    said: string,
  ): Promise<void> {
    const after = await this.#state(changes, who);
    if (after.print !== before.print) throw new Error(`${said}\nwas refused as ${code} and left something behind`);
    const times = this.#wasRefused(who, code);
    const written = after.refused - before.refused;
    if (written > 1 || (written === 0 && times <= WRITTEN_FOR_SURE))
      throw new Error(`${said}\nwas refused as ${code} and has ${written} entries in the trail`);
  }

  /** How often somebody was refused with a code by now. */
  #wasRefused(who: string, code: string): number {
    const times = (this.#refusals.get(`${who} ${code}`) ?? 0) + 1;
    this.#refusals.set(`${who} ${code}`, times);
    return times;
  }

  /** Leaves no environment in the hand of a life that is over. */
  async #end(changes: readonly string[]): Promise<void> {
    const world = this.#world;
    await world.quiet();
    for (const id of changes) {
      const seen = await world.look(id);
      if (seen.running) await world.send({ do: "stop" }, "lena", seen, { version: undefined, unknown: false });
    }
    await world.quiet();
  }
}

/** The steps as they are for what follows an act: those of the engine as they are now, those done by hand as the model has them. */
function stepsAfter(act: Act, seen: Seen, after: Seen): Seen["steps"] {
  const done = new Set(doneAfter(act, seen));
  return after.steps.map((step) => (step.automatic ? step : { ...step, done: done.has(step.id) }));
}

function answer(outcome: Outcome<unknown>): string {
  return outcome.ok ? "accepted" : outcome.refusal.code;
}
