import { expect, test } from "vitest";
import { consistencyProof, inclusionProof } from "../audit/merkle.ts";
import { type Consistency, type Inclusion, verifyConsistency, verifyInclusion } from "./proofs.ts";

const hashes = Array.from({ length: 18 }, (_, index) => index.toString(16).padStart(64, "0"));
const other = "f".repeat(64);

test("every entry of every tree can be proven, and nothing else with the same proof", () => {
  for (let size = 1; size <= hashes.length; size++) {
    for (let seq = 1; seq <= size; seq++) {
      const proof = inclusionProof(hashes.slice(0, size), seq);
      expect(verifyInclusion(proof)).toEqual({ ok: true, value: proof });
      const wrong: Partial<Inclusion>[] = [
        { entryHash: other },
        { root: other },
        { seq: seq + 1 },
        { seq: seq - 1 },
        { path: [...proof.path, other] },
        ...proof.path.map((_, index) => ({ path: proof.path.with(index, other) })),
        ...(size > 1 ? [{ path: proof.path.slice(1) }, { path: proof.path.slice(0, -1) }] : []),
      ];
      for (const change of wrong)
        expect(verifyInclusion({ ...proof, ...change })).toMatchObject(refusal("INCLUSION_INVALID"));
    }
  }
});

test("every earlier tree is proven to be the beginning, and no other", () => {
  for (let newSize = 0; newSize <= hashes.length; newSize++) {
    for (let oldSize = 0; oldSize <= newSize; oldSize++) {
      const proof = consistencyProof(hashes.slice(0, newSize), oldSize);
      expect(verifyConsistency(proof)).toEqual({ ok: true, value: proof });
      const wrong: Partial<Consistency>[] = [
        { oldRoot: other },
        { path: [...proof.path, other] },
        ...(oldSize > 0 ? [{ newRoot: other }] : []),
        ...proof.path.map((_, index) => ({ path: proof.path.with(index, other) })),
        ...(proof.path.length > 0 ? [{ path: [] }, { path: proof.path.slice(0, -1) }] : []),
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
  expect(verifyInclusion({ ...inclusion, path: ["x"] })).toMatchObject(refusal("INCLUSION_INVALID"));
  const consistency = consistencyProof(hashes, 3);
  for (const wrong of [{ oldSize: -1 }, { oldSize: 99 }, { newSize: 18.5 }, { path: ["x"] }]) {
    expect(verifyConsistency({ ...consistency, ...wrong })).toMatchObject(refusal("CONSISTENCY_INVALID"));
  }
});

function refusal(code: string) {
  return { ok: false, refusal: { code } };
}
