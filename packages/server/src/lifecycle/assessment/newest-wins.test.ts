import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { expect, test } from "vitest";
import { refused } from "../../testing/small-workspace.ts";
import { NewestWins } from "./newest-wins.ts";

const here = new AbortController().signal;

/** Work that goes on until it is told to end, and knows how much of it runs at once. */
function aCounter() {
  let running = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const work = async (signal: AbortSignal) => {
    most = Math.max(most, ++running);
    try {
      await new Promise<void>((resolve, reject) => {
        ends.push(resolve);
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      return accept("done");
    } finally {
      running -= 1;
    }
  };
  return {
    work,
    ends,
    get running() {
      return running;
    },
    get most() {
      return most;
    },
  };
}

test("so many run at once, the others wait for their turn, and past that they are told that it is busy", async () => {
  const lane = new NewestWins({ atOnce: 2, mostWaiting: 1 });
  const counter = aCounter();
  const [ada, ben, cid] = ["ada", "ben", "cid"].map((person) => lane.run(person, here, counter.work));
  const dan = refused(await lane.run("dan", here, counter.work));
  expect([dan.code, dan.details]).toEqual(["REHEARSALS_BUSY", { retryAfterSeconds: 5 }]);
  expect(counter.running).toBe(2);
  counter.ends[0]!();
  expect(await ada).toEqual(accept("done"));
  await expect.poll(() => counter.ends.length).toBe(3);
  counter.ends[1]!();
  counter.ends[2]!();
  expect(await Promise.all([ben, cid])).toEqual([accept("done"), accept("done")]);
  expect(counter.most).toBe(2);
});

test("a newer one of the same person ends the older, whether that runs or waits", async () => {
  const lane = new NewestWins({ atOnce: 1, mostWaiting: 5 });
  const counter = aCounter();
  const running = lane.run("ada", here, counter.work);
  const waiting = lane.run("ben", here, counter.work);
  const newer = lane.run("ben", here, counter.work);
  expect(refused(await waiting).code).toBe("TRY_REPLACED");
  const newest = lane.run("ada", here, counter.work);
  expect(refused(await running).code).toBe("TRY_REPLACED");
  await expect.poll(() => counter.ends.length).toBe(2);
  counter.ends[1]!();
  expect(await newer).toEqual(accept("done"));
  await expect.poll(() => counter.ends.length).toBe(3);
  counter.ends[2]!();
  expect(await newest).toEqual(accept("done"));
  expect(counter.most).toBe(1);
});

test("what the sender does not wait for is not begun, and leaves its place to others", async () => {
  const lane = new NewestWins({ atOnce: 1, mostWaiting: 5 });
  const counter = aCounter();
  const gone = new AbortController();
  const running = lane.run("ada", gone.signal, counter.work);
  const waiting = lane.run("ben", gone.signal, counter.work);
  await expect.poll(() => counter.running).toBe(1);
  gone.abort();
  await Promise.all([running, waiting]);
  expect(counter.ends).toHaveLength(1);
  const next = lane.run("cid", here, counter.work);
  await expect.poll(() => counter.ends.length).toBe(2);
  counter.ends[1]!();
  expect(await next).toEqual(accept("done"));
});

test("a defect of the work is thrown, and the room is free again", async () => {
  const lane = new NewestWins({ atOnce: 1, mostWaiting: 0 });
  await expect(
    lane.run("ada", here, async () => {
      throw new Error("broken");
    }),
  ).rejects.toThrow("broken");
  expect(await lane.run("ada", here, async () => accept("done"))).toEqual(accept("done"));
});
