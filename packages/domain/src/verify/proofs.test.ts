import { expect, test } from "vitest";
import { consistencyProof, inclusionProof } from "../audit/merkle.ts";
import { type Consistency, type Inclusion, verifyConsistency, verifyInclusion } from "./proofs.ts";

const hashes = Array.from({ length: 35 }, (_, index) => index.toString(16).padStart(64, "0"));
// Around where a node becomes complete.
const sizes = [0, 1, 2, 15, 16, 17, 33];
const other = "f".repeat(64);

test("every entry of every tree can be proven, and nothing else with the same proof", () => {
  for (const size of sizes) {
    for (let seq = 1; seq <= size; seq++) {
      const proof = inclusionProof(hashes.slice(0, size), seq);
      expect(verifyInclusion(proof)).toEqual({ ok: true, value: proof });
      const wrong: Partial<Inclusion>[] = [
        { entryHash: other },
        { root: other },
        { seq: seq + 1 },
        { seq: seq - 1 },
        { after: [...proof.after, other] },
        { before: [...proof.before, other] },
        ...proof.before.map((_, index) => ({ before: proof.before.with(index, other) })),
        ...proof.after.map((_, index) => ({ after: proof.after.with(index, other) })),
        ...(proof.before.length > 0 ? [{ before: proof.before.slice(1) }] : []),
        ...(proof.after.length > 0 ? [{ after: proof.after.slice(1) }] : []),
      ];
      for (const change of wrong)
        expect(verifyInclusion({ ...proof, ...change })).toMatchObject(refusal("INCLUSION_INVALID"));
    }
  }
});

test("every earlier tree is proven to be the beginning, and no other", () => {
  for (const newSize of sizes) {
    for (const oldSize of sizes.filter((size) => size <= newSize)) {
      const proof = consistencyProof(hashes.slice(0, newSize), oldSize);
      expect(verifyConsistency(proof)).toEqual({ ok: true, value: proof });
      const wrong: Partial<Consistency>[] = [
        { oldRoot: other },
        { newRoot: other },
        { after: [...proof.after, other] },
        { before: [...proof.before, other] },
        ...proof.before.map((_, index) => ({ before: proof.before.with(index, other) })),
        ...proof.after.map((_, index) => ({ after: proof.after.with(index, other) })),
        ...(proof.after.length > 0 ? [{ after: proof.after.slice(0, -1) }] : []),
      ];
      for (const change of wrong) {
        expect(verifyConsistency({ ...proof, ...change })).toMatchObject(refusal("CONSISTENCY_INVALID"));
      }
    }
  }
});

test("proofs that are not made of sizes and hashes are refused", () => {
  const inclusion = inclusionProof(hashes, 3);
  expect(verifyInclusion({ ...inclusion, seq: 1.5 })).toMatchObject(refusal("INCLUSION_INVALID"));
  expect(verifyInclusion({ ...inclusion, after: ["x"] })).toMatchObject(refusal("INCLUSION_INVALID"));
  const consistency = consistencyProof(hashes, 3);
  for (const wrong of [{ oldSize: -1 }, { oldSize: 99 }, { newSize: 35.5 }, { after: ["x"] }]) {
    expect(verifyConsistency({ ...consistency, ...wrong })).toMatchObject(refusal("CONSISTENCY_INVALID"));
  }
});

function refusal(code: string) {
  return { ok: false, refusal: { code } };
}
