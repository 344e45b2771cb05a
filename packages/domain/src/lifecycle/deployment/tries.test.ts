import { expect, test } from "vitest";
import { triesOf } from "./tries.ts";

const ran = (attempt: number) => ({ attempt, signedOff: false });
const signed = (attempt: number) => ({ attempt, signedOff: true });

test("going on after a sign-off is no further try", () => {
  expect(triesOf(1, [ran(1), ran(1)])).toEqual({ deployment: 1, steps: [1, 1] });
  expect(triesOf(2, [ran(1), signed(2), ran(2)])).toEqual({ deployment: 1, steps: [1, 1, 1] });
  expect(triesOf(3, [signed(2), ran(2), signed(3), ran(3)])).toEqual({ deployment: 1, steps: [1, 1, 1, 1] });
});

test("what was cut off or failed was tried again, and what came after it was not", () => {
  expect(triesOf(3, [ran(1), ran(3), ran(3)])).toEqual({ deployment: 3, steps: [1, 3, 1] });
  expect(triesOf(4, [ran(2), signed(3), ran(4), ran(4)])).toEqual({ deployment: 3, steps: [2, 1, 2, 1] });
});

test("a sign-off that the deployment has not come to yet takes nothing away", () => {
  expect(triesOf(1, [ran(1), signed(1), ran(1)])).toEqual({ deployment: 1, steps: [1, 1, 1] });
  expect(triesOf(0, [])).toEqual({ deployment: 0, steps: [] });
});
