import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { chainHash, EMPTY_HEAD, merkleRoot, seal } from "./chain.ts";
import { NO_HASH } from "./entry.ts";

const entries = Array.from({ length: 7 }, (_, index) => ({ id: `e${index}`, hash: String(index).repeat(64) }));

test("entries get consecutive numbers and each links to the one before", () => {
  const { sealed, head } = seal(EMPTY_HEAD, entries);
  expect(sealed.map(({ id, seq }) => [id, seq])).toEqual(entries.map(({ id }, index) => [id, index + 1]));
  expect(sealed[0]?.prev).toBe(NO_HASH);
  for (const [index, place] of sealed.slice(1).entries()) expect(place.prev).toBe(sealed[index]?.chain);
  expect(head).toMatchObject({ size: 7, chain: sealed[6]?.chain });
  expect(head.frontier).toHaveLength(3);
});

test("sealing in batches ends where sealing at once ends", () => {
  const whole = seal(EMPTY_HEAD, entries);
  const first = seal(EMPTY_HEAD, entries.slice(0, 3));
  const second = seal(first.head, entries.slice(3));
  expect(second.head).toEqual(whole.head);
  expect([...first.sealed, ...second.sealed]).toEqual(whole.sealed);
  expect(merkleRoot(second.head.frontier, second.head.size)).toBe(merkleRoot(whole.head.frontier, 7));
});

test("sealing nothing changes nothing", () => {
  expect(seal(EMPTY_HEAD, [])).toEqual({ sealed: [], head: EMPTY_HEAD });
});

test("a link is SHA-256 of the format's name, the link before, the number in 8 bytes, and the entry hash", () => {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(5_000_000_000n);
  const expected = createHash("sha256")
    .update("change-mgmt/chain/1\n")
    .update(Buffer.from("ab".repeat(32), "hex"))
    .update(number)
    .update(Buffer.from("cd".repeat(32), "hex"))
    .digest("hex");
  expect(chainHash("ab".repeat(32), 5_000_000_000, "cd".repeat(32))).toBe(expected);
});
