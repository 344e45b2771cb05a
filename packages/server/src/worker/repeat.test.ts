import { expect, test } from "vitest";
import { Repeat } from "./repeat.ts";

const NEVER = 3_600_000;

test("it goes on without a pause while there is anything to do, then waits until it is woken", async () => {
  let left = 3;
  let looks = 0;
  let idle = Promise.withResolvers<void>();
  const work = async () => {
    looks += 1;
    if (left === 0) idle.resolve();
    return left === 0 ? 0 : left--;
  };
  const repeat = new Repeat("work", { pauseMs: NEVER }, work, () => {});
  await idle.promise;
  expect(looks).toBe(4);
  idle = Promise.withResolvers();
  left = 1;
  repeat.wake();
  await idle.promise;
  expect(looks).toBe(6);
  await repeat.stop();
});

test("who is woken while at work looks once more, so that nothing that came meanwhile is left", async () => {
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let looks = 0;
  const work = async () => {
    looks += 1;
    if (looks === 2) second.resolve();
    if (looks > 1) return 0;
    begun.resolve();
    await go.promise;
    return 0;
  };
  const repeat = new Repeat("work", { pauseMs: NEVER }, work, () => {});
  await begun.promise;
  repeat.wake();
  go.resolve();
  await second.promise;
  await repeat.stop();
  expect(looks).toBe(2);
});

test("however often it is woken while it rests, it looks once after that, and resting does not keep it from stopping", async () => {
  let looks = 0;
  let looked = Promise.withResolvers<void>();
  const work = async () => {
    looks += 1;
    looked.resolve();
    return 0;
  };
  const brief = new Repeat("work", { pauseMs: NEVER, restMs: 20 }, work, () => {});
  await looked.promise;
  looked = Promise.withResolvers();
  for (let n = 0; n < 10; n++) {
    brief.wake();
    await new Promise(setImmediate);
  }
  await looked.promise;
  expect(looks).toBe(2);
  await brief.stop();
  const long = new Repeat("work", { pauseMs: NEVER, restMs: NEVER }, work, () => {});
  long.wake();
  await new Promise(setImmediate);
  expect(looks).toBe(3);
  await long.stop();
});

test("an error is said and does not end it", async () => {
  const said: string[] = [];
  const again = Promise.withResolvers<void>();
  let looks = 0;
  const work = async () => {
    looks += 1;
    if (looks === 1) throw new Error("no store");
    again.resolve();
    return 0;
  };
  const repeat = new Repeat("outbox", { pauseMs: 1 }, work, (line) => said.push(line));
  await again.promise;
  await repeat.stop();
  expect(said).toEqual(["outbox: no store"]);
});

test("stopping waits for the work in hand, and begins no more", async () => {
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  let ended = 0;
  const work = async () => {
    begun.resolve();
    await go.promise;
    ended += 1;
    return 1;
  };
  const repeat = new Repeat("work", { pauseMs: NEVER }, work, () => {});
  await begun.promise;
  const stopped = repeat.stop();
  expect(ended).toBe(0);
  go.resolve();
  await stopped;
  expect(ended).toBe(1);
});
