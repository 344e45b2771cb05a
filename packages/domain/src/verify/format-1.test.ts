import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { aTrail, aTrailOf } from "../testing/a-trail.ts";
import { binaryRoot, inFormat1 } from "../testing/format-1.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { createVerifier, type VerifierOptions } from "./verifier.ts";

const stamp = (text: string) => createHash("sha512").update(text).digest("hex");
const signer = { keyId: "key-1", sign: stamp };
const keys: VerifierOptions = {
  publicKeys: { "key-1": "" },
  verifySignature: (_key, statement, signature) => stamp(statement) === signature,
};
const trail = aTrail([{ stream: "a" }, { stream: "b" }, { stream: "a" }, { stream: "b" }, { stream: "b" }], signer);
const old = inFormat1(trail.texts, trail.hashes, signer);
const third = { line: 4, seq: 3, auditId: "AUDIT-20261121-100002-000002", stream: "a" };

function verify(lines: readonly string[], options = keys) {
  const verifier = createVerifier(options);
  for (const line of lines) verifier.line(line);
  return verifier.end();
}

/** The export with one line's text changed. */
function changed(line: number, from: string | RegExp, to: string): string[] {
  const lines = old.lines();
  return lines.with(line - 1, lines[line - 1]!.replace(from, to));
}

test("an export of format 1 is still accepted", () => {
  const { chain, root } = old.sealAt();
  for (let count = 0; count <= 5; count++) {
    expect(verify(old.lines(count))).toMatchObject({ ok: true, count, signature: "valid" });
  }
  expect(verify(old.lines())).toMatchObject({ head: chain, root });
  const file = Buffer.from(`${old.lines().join("\n")}\n`);
  const verifier = createVerifier(keys);
  verifier.piece(file);
  for (let start = 0; start < file.length; ) start = verifier.lineWithin(start);
  expect(verifier.end()).toEqual(verify(old.lines()));
});

test("its tree is the one of RFC 6962, as published for the inputs that certificate logs are tested with", () => {
  // The leaf hash of RFC 6962 over an entry hash, and a node over two of them.
  const leaf = (hash: string) =>
    createHash("sha256")
      .update(Buffer.from(`00${hash}`, "hex"))
      .digest("hex");
  const [one = "", two = ""] = trail.hashes;
  const node = createHash("sha256")
    .update(Buffer.from(`01${leaf(one)}${leaf(two)}`, "hex"))
    .digest("hex");
  expect(binaryRoot([one, two])).toBe(node);
  expect(verify(old.lines(2))).toMatchObject({ root: node });
});

test("a wrong link is a broken chain, on its own line", () => {
  expect(verify(changed(4, /"prev":"\w+"/, `"prev":"${"0".repeat(64)}"`))).toMatchObject({
    code: "CHAIN_BROKEN",
    place: third,
  });
  expect(verify(changed(4, /"chain":"\w+"/, `"chain":"${"0".repeat(64)}"`))).toMatchObject({
    code: "CHAIN_BROKEN",
    place: third,
  });
  const forged = aTrailOf(trail.texts.with(2, trail.texts[2]!.replace("maria", "mario")), signer);
  const fitting = changed(4, "maria", "mario").map((line) => line.replace(trail.hashes[2]!, forged.hashes[2]!));
  expect(verify(fitting)).toMatchObject({ code: "CHAIN_BROKEN", place: third });
});

test("a seal that does not fit the entries is a mismatch", () => {
  const zeros = "0".repeat(64);
  expect(verify(changed(7, /"chain":"\w+"/, `"chain":"${zeros}"`))).toMatchObject({
    code: "SEAL_MISMATCH",
    place: { line: 7 },
  });
  expect(verify(changed(7, /"root":"\w+"/, `"root":"${zeros}"`))).toMatchObject({
    code: "SEAL_MISMATCH",
    place: { line: 7 },
  });
});

test("header, entries and seal are all of one format", () => {
  const [lines, others] = [old.lines(), trail.lines()];
  for (const line of [1, 2, 7]) {
    expect(verify(lines.with(line - 1, others[line - 1]!))).toMatchObject({
      code: "FORMAT_UNKNOWN",
      place: { line: Math.max(line, 2) },
    });
  }
  expect(verify(lines.with(6, lines[6]!.replace(/"chain":"\w+"/, '"chain":"x"')))).toMatchObject({
    code: "FORMAT_UNKNOWN",
  });
});

test("a checkpoint of one format holds an export of the other", () => {
  for (let count = 0; count <= 5; count++) {
    const read = readCheckpoint(JSON.stringify({ kind: "seal", ...old.sealAt(count) }));
    if (!read.ok) throw new Error(read.refusal.message);
    expect(verify(trail.lines(), { ...keys, checkpoint: read.value })).toMatchObject({ ok: true, checkpoint: "held" });
    expect(verify(old.lines(), { ...keys, checkpoint: trail.sealAt(count) })).toMatchObject({ checkpoint: "held" });
  }
  const forged = aTrail([{ stream: "a" }, { stream: "x" }, { stream: "a" }], signer);
  expect(verify(forged.lines(), { ...keys, checkpoint: old.sealAt(3) })).toMatchObject({
    code: "CHECKPOINT_MISMATCH",
    place: third,
  });
  expect(
    verify(inFormat1(forged.texts, forged.hashes, signer).lines(), { ...keys, checkpoint: trail.sealAt(3) }),
  ).toMatchObject({
    code: "CHECKPOINT_MISMATCH",
    place: third,
  });
  expect(verify(trail.lines(2), { ...keys, checkpoint: old.sealAt(3) })).toMatchObject({ code: "CHECKPOINT_AHEAD" });
});
