import { expect, test } from "vitest";
import type { RollbackTrigger, TriggerAnswer } from "../../process/rollback-trigger.ts";
import { aProcess } from "../../testing/builders.ts";
import type { Reading } from "./reading.ts";
import { advanceWatch, OPEN_WATCHES, type Watch, watchPlan } from "./watch.ts";

const health: RollbackTrigger = { id: "health", title: "Health", metric: "health" };
const errors: RollbackTrigger = { id: "errors", title: "Errors", metric: "error-rate", above: 0.05 };
const UNTIL = "2026-01-01T01:00:00.000Z";
const well = { health: { value: 1 }, errors: { value: 0 } };
const ill = { ...well, health: { value: 0 } };
const unknown = { ...well, health: { missing: "no answer" } };

function aWatch(more: Partial<Watch> = {}): Watch {
  const checks = [health, errors].map((trigger) => ({
    trigger,
    baseline: null,
    atLeast: 1,
    failures: 0,
    judged: null,
  }));
  return { state: "watching", until: UNTIL, failures: 3, response: "roll-back", checks, ...more };
}

/** A watch after evaluations, a minute apart, each with what was told of it. */
function after(readings: readonly Readonly<Record<string, Reading>>[], start = aWatch(), from = 0) {
  let watch = start;
  const told = readings.map((one, minute) => {
    const at = new Date(Date.parse("2026-01-01T00:00:00.000Z") + (from + minute) * 60_000).toISOString();
    const advanced = advanceWatch(watch, one, at);
    watch = advanced.watch;
    return advanced.events.map(({ type }) => type.replace("watch.", ""));
  });
  return { watch, told };
}

test("a trigger is set off by as many failures in a row as the process says, and not by one less", () => {
  const once = after([ill, ill, well, ill, ill]);
  expect([once.watch.state, once.told]).toEqual(["watching", [["failing"], [], ["recovered"], ["failing"], []]]);
  const thrice = after([well, ill, ill, ill]);
  expect([thrice.watch.state, thrice.told]).toEqual(["triggered", [[], ["failing"], [], ["triggered"]]]);
  expect(OPEN_WATCHES.has(thrice.watch.state)).toBe(true);
});

test("what cannot be measured holds, counts for nothing, and makes no failure forgotten", () => {
  const held = after([ill, ill, unknown, unknown]);
  expect([held.watch.state, held.told]).toEqual(["held", [["failing"], [], ["held"], []]]);
  expect(after([unknown, unknown, unknown, unknown]).watch.state).toBe("held");
  expect(after([ill], held.watch, 4)).toMatchObject({
    watch: { state: "triggered" },
    told: [["failing", "triggered"]],
  });
  expect(after([well], held.watch, 4)).toMatchObject({ watch: { state: "watching" }, told: [["recovered"]] });
  expect(after([{ health: { value: 1 } }]).watch.checks[1]!.judged).toMatchObject({ words: "nothing measures it" });
});

test("it passes when its time is over and all is well, never while something fails or is not known", () => {
  expect(after([well], aWatch(), 59).watch.state).toBe("watching");
  expect(after([well], aWatch(), 60)).toMatchObject({ watch: { state: "passed" }, told: [["passed"]] });
  expect(after([ill], aWatch(), 60).watch.state).toBe("watching");
  expect(after([unknown], aWatch(), 600).watch.state).toBe("held");
});

test("where people are to be asked, it goes on measuring and leaves the rest to them", () => {
  const asking = after([ill, ill, ill], aWatch({ response: "ask" }));
  expect(asking).toMatchObject({ watch: { state: "asking" }, told: [["failing"], [], ["triggered"]] });
  const later = after([well], asking.watch, 90);
  expect(later).toMatchObject({ watch: { state: "asking", checks: [{ failures: 0 }, {}] }, told: [["recovered"]] });
});

test("of the rows that match everything is watched, as strictly as the strictest says", () => {
  const row = (id: string, then: TriggerAnswer) => ({ id, when: {}, then });
  const process = (...rows: ReturnType<typeof row>[]) =>
    aProcess({ triggers: { id: "triggers", title: "Triggers", dimensions: [], hit: "collect", rows } });
  const ask = { triggers: [health], intervalSeconds: 60, failures: 3, response: "ask", minutes: 5 } as const;
  const back = { triggers: [health, errors], intervalSeconds: 30, failures: 5 };
  expect(watchPlan(process(row("a", ask)), {}, "staging")).toEqual(ask);
  expect(watchPlan(process(row("a", ask), row("b", back)), {}, "staging")).toEqual({
    triggers: [health, errors],
    intervalSeconds: 30,
    failures: 3,
    response: "roll-back",
    minutes: 60,
  });
  expect(watchPlan(process(), {}, "staging")).toBeNull();
  expect(watchPlan(aProcess(), {}, "staging")).toBeNull();
});
