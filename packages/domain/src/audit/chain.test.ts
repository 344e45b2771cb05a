import { expect, test } from "vitest";
import { EMPTY_HEAD, seal } from "./chain.ts";
import { NO_HASH } from "./entry.ts";

const entries = Array.from({ length: 40 }, (_, index) => ({
  id: `e${index}`,
  hash: (index % 10).toString().repeat(64),
}));

test("entries get consecutive numbers and each links to the one before", () => {
  const { sealed, head } = seal(EMPTY_HEAD, entries);
  expect(sealed.map(({ id, seq }) => [id, seq])).toEqual(entries.map(({ id }, index) => [id, index + 1]));
  expect(sealed.map(({ prev }) => prev)).toEqual([NO_HASH, ...entries.slice(0, -1).map(({ hash }) => hash)]);
  expect(head).toMatchObject({ size: 40, last: entries[39]?.hash });
  expect(head.frontier.map((level) => level.length)).toEqual([8, 2]);
});

test("sealing in batches ends where sealing at once ends", () => {
  const whole = seal(EMPTY_HEAD, entries);
  const first = seal(EMPTY_HEAD, entries.slice(0, 17));
  const second = seal(first.head, entries.slice(17));
  expect(second.head).toEqual(whole.head);
  expect([...first.sealed, ...second.sealed]).toEqual(whole.sealed);
});

test("sealing nothing changes nothing", () => {
  expect(seal(EMPTY_HEAD, [])).toEqual({ sealed: [], head: EMPTY_HEAD });
});
