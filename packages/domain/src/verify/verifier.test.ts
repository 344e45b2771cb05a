import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { canonicalJson } from "../change/canonical-json.ts";
import { aTrail, aTrailOf } from "../testing/a-trail.ts";
import { readCheckpoint } from "./checkpoint.ts";
import type { SealedHead } from "./sealed-head.ts";
import type { VerdictCode } from "./verdict.ts";
import { createVerifier, type VerifierOptions } from "./verifier.ts";

// A stand-in for signing that needs no key pair: the "signature" is a hash of the key and the statement.
const stamp = (key: string, text: string) => createHash("sha512").update(`${key}\n${text}`).digest("hex");
const signer = { keyId: "key-1", sign: (statement: string) => stamp("secret", statement) };
const keys: VerifierOptions = {
  publicKeys: { "key-1": "secret" },
  verifySignature: (key, statement, signature) => stamp(key, statement) === signature,
};
const trail = aTrail(
  [
    { stream: "a" },
    { stream: "b", details: { note: "é–😀" } },
    { stream: "a" },
    { stream: "workspace" },
    { stream: "b" },
  ],
  signer,
);

/** The verdict on the lines, which must be the same for the bytes of a file, read at their ends or scanned. */
function verify(lines: readonly (string | Uint8Array)[], options: VerifierOptions = keys) {
  const verifier = createVerifier(options);
  for (const line of lines) verifier.line(line);
  const verdict = verifier.end();
  const file = Buffer.concat(lines.flatMap((line) => [Buffer.from(line as string), Buffer.from("\n")]));
  // A lone surrogate has no bytes of its own.
  if (lines.every((line) => typeof line !== "string" || line.isWellFormed())) {
    expect(verifyFile(file, { ...options, thorough: true })).toEqual(verdict);
    if (options.thorough !== true) expect(verifyFile(file, options)).toEqual(verdict);
  }
  return verdict;
}

function verifyFile(file: Buffer, options: VerifierOptions) {
  const verifier = createVerifier(options);
  verifier.piece(file);
  for (let start = 0; start < file.length; ) {
    const next = verifier.lineWithin(start);
    const end = file.indexOf("\n", start);
    if (next < 0) verifier.line(file.subarray(start, end));
    start = end + 1;
  }
  return verifier.end();
}

function refused(code: VerdictCode, place: object) {
  return { ok: false, code, message: expect.stringMatching(/\.$/), hint: expect.stringMatching(/\.$/), place };
}

/** The export with one line replaced by what `change` makes of its parsed value, in canonical form. */
function rewritten(line: number, change: (value: Record<string, unknown>) => object): string[] {
  const lines = trail.lines();
  return lines.with(line - 1, canonicalJson(change(JSON.parse(lines[line - 1]!))));
}

test("a clean export is accepted, and what it holds is said", () => {
  const seal = trail.sealAt();
  expect(verify(trail.lines())).toEqual({
    ok: true,
    count: 5,
    head: trail.hashes[4],
    root: seal.root,
    firstTime: "2026-11-21T10:00:00.000000Z",
    lastTime: "2026-11-21T10:00:04.000000Z",
    sealedAt: "2026-11-21T11:00:00.000005Z",
    keyId: "key-1",
    signature: "valid",
    checkpoint: "none",
  });
});

test("without a way to check signatures the verdict says so", () => {
  expect(verify(trail.lines(), {})).toMatchObject({ ok: true, signature: "not-checked" });
});

test("lines may come as bytes, and the hash function from elsewhere", () => {
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const lines = trail.lines().map((line) => Buffer.from(line));
  expect(verify(lines, { ...keys, sha256 })).toEqual(verify(trail.lines()));
});

test("an empty trail is a trail", () => {
  expect(verify(trail.lines(0))).toMatchObject({
    ok: true,
    count: 0,
    head: "0".repeat(64),
    firstTime: null,
    lastTime: null,
  });
});

test("an entry larger than any buffer is read", () => {
  const large = aTrail([{ stream: "a", details: { text: "x".repeat(100_000) } }, { stream: "a" }], signer);
  expect(verify(large.lines())).toMatchObject({ ok: true, count: 2 });
});

test("line() says when there is no use in reading on", () => {
  const verifier = createVerifier(keys);
  const [header, first, second] = trail.lines();
  expect(verifier.line(header!)).toBe(true);
  expect(verifier.line(second!)).toBe(false);
  expect(verifier.line(first!)).toBe(false);
  verifier.tooLong(9);
  expect(verifier.end()).toMatchObject(
    refused("SEQUENCE_GAP", { line: 2, seq: 1, auditId: "AUDIT-20261121-100001-000001", stream: "b" }),
  );
});

test("an entry that comes twice, or too late, is out of sequence", () => {
  const lines = trail.lines();
  expect(verify(lines.toSpliced(4, 0, lines[3]!))).toEqual(refused("SEQUENCE_GAP", { ...third, line: 5, seq: 4 }));
});

test("a gap and a repetition are told apart", () => {
  const lines = trail.lines();
  expect(verify(lines.toSpliced(3, 1))).toMatchObject({ message: "Entry 3 is missing: line 4 holds entry 4." });
  expect(verify(lines.toSpliced(4, 0, lines[3]!))).toMatchObject({
    message: "Entry 4 is due, but line 5 holds entry 3 once more.",
  });
});

test("an export needs its header", () => {
  expect(verify([])).toEqual(refused("HEADER_MISSING", { line: 1 }));
  expect(verify(trail.lines().slice(1))).toEqual(refused("HEADER_MISSING", { line: 1 }));
  expect(verify(rewritten(1, (header) => ({ ...header, kind: "head" })))).toEqual(
    refused("FORMAT_UNKNOWN", { line: 1 }),
  );
  expect(verify(rewritten(1, ({ format: _, ...header }) => header))).toEqual(refused("FORMAT_UNKNOWN", { line: 1 }));
});

test.each([
  ["another format", (header: object) => ({ ...header, format: "change-mgmt/audit-export/3" })],
  ["one more member", (header: object) => ({ ...header, more: 1 })],
  ["a count that is none", (header: object) => ({ ...header, count: -1 })],
  ["a count in words", (header: object) => ({ ...header, count: "five" })],
  ["a key id with a blank", (header: object) => ({ ...header, keyId: "key 1" })],
  ["a time without zone", (header: object) => ({ ...header, time: "2026-11-21T11:00:00" })],
  ["a list for a time", (header: object) => ({ ...header, time: [] })],
])("a header with %s is of no known format", (_name, change) => {
  expect(verify(rewritten(1, change))).toEqual(refused("FORMAT_UNKNOWN", { line: 1 }));
});

test.each([
  ["white space", (line: string) => line.replace(",", ", ")],
  ["another order of members", (line: string) => line.replace(/^\{(.*),("seq":\d+)\}$/, "{$2,$1}")],
  ["a lone surrogate", (line: string) => line.replace("change.edited", "change.\ud800")],
  ["a carriage return", (line: string) => `${line}\r`],
  ["nothing", () => ""],
])("a line with %s is not canonical", (_name, change) => {
  const lines = trail.lines();
  expect(verify(lines.with(3, change(lines[3]!)))).toEqual(refused("LINE_NOT_CANONICAL", { line: 4, seq: 3 }));
});

const third = { line: 4, seq: 3, auditId: "AUDIT-20261121-100002-000002", stream: "a" };

test("an entry that says something else is altered", () => {
  const lines = rewritten(4, (line) => ({ ...line, entry: { ...(line.entry as object), outcome: "refused" } }));
  expect(verify(lines)).toEqual(refused("ENTRY_ALTERED", third));
  expect(verify(rewritten(4, (line) => ({ ...line, hash: "0".repeat(64) })))).toEqual(refused("ENTRY_ALTERED", third));
});

test("an altered entry with a fitting hash breaks the chain at the next line, which knows the one that stood there", () => {
  const forged = aTrailOf(trail.texts.with(2, trail.texts[2]!.replace("maria", "mario")), signer);
  expect(verify(trail.lines().with(3, forged.lines()[3]!))).toMatchObject(refused("CHAIN_BROKEN", { line: 5, seq: 4 }));
  // If that one is made to fit as well, its hash still is the sealed one, and the tree tells.
  const linked = forged.lines().slice(0, 5);
  expect(verify([...linked, ...trail.lines().slice(5)])).toEqual(refused("SEAL_MISMATCH", { line: 7 }));
});

test("a last entry with a fitting hash is missed by the seal", () => {
  const forged = aTrailOf(trail.texts.with(4, trail.texts[4]!.replace("maria", "mario")), signer);
  expect(verify(trail.lines().with(5, forged.lines()[5]!))).toEqual(refused("SEAL_MISMATCH", { line: 7 }));
});

test("a wrong link is a broken chain", () => {
  expect(verify(rewritten(4, (line) => ({ ...line, prev: "0".repeat(64) })))).toEqual(refused("CHAIN_BROKEN", third));
});

test("a trail whose streams do not fit is refused, however well it is sealed", () => {
  const dropped = aTrailOf(trail.texts.toSpliced(0, 1), signer);
  expect(verify(dropped.lines())).toMatchObject(refused("STREAM_BROKEN", { line: 3, seq: 2, stream: "a" }));
  const replaced = aTrailOf(trail.texts.with(0, trail.texts[0]!.replace("maria", "mario")), signer);
  expect(verify(replaced.lines())).toMatchObject(refused("STREAM_BROKEN", { line: 4, seq: 3, stream: "a" }));
  const renumbered = aTrailOf(trail.texts.with(2, trail.texts[2]!.replace('"stream_seq":2', '"stream_seq":3')), signer);
  expect(verify(renumbered.lines())).toEqual(refused("STREAM_BROKEN", third));
});

test.each([
  ["no audit_id", ({ audit_id: _, ...entry }: Record<string, unknown>) => entry],
  ["a number as audit_id", (entry: object) => ({ ...entry, audit_id: 1 })],
  ["no stream", ({ stream: _, ...entry }: Record<string, unknown>) => entry],
  ["a number as stream", (entry: object) => ({ ...entry, stream: 1 })],
  ["an endless stream name", (entry: object) => ({ ...entry, stream: "s".repeat(2000) })],
  ["no stream_seq", ({ stream_seq: _, ...entry }: Record<string, unknown>) => entry],
  ["a negative stream_seq", (entry: object) => ({ ...entry, stream_seq: -1 })],
  ["a stream_seq beyond counting", (entry: object) => ({ ...entry, stream_seq: 1e20 })],
  ["no stream_prev", ({ stream_prev: _, ...entry }: Record<string, unknown>) => entry],
  ["a short stream_prev", (entry: object) => ({ ...entry, stream_prev: "00" })],
  ["a number of 66 digits as stream_prev", (entry: object) => ({ ...entry, stream_prev: [Array(32).fill(1)] })],
  ["no timestamp", ({ timestamp: _, ...entry }: Record<string, unknown>) => entry],
  ["a number as timestamp", (entry: object) => ({ ...entry, timestamp: 1 })],
])("an entry with %s is of no known format", (_name, change) => {
  const text = canonicalJson(change(JSON.parse(trail.texts[0]!)));
  expect(verify(aTrailOf([text], signer).lines(), { ...keys, thorough: true })).toEqual(
    refused("FORMAT_UNKNOWN", { line: 2, seq: 1 }),
  );
});

test.each([
  ["entry", (line: Record<string, unknown>) => ({ ...line, entry: [] })],
  ["hash", (line: Record<string, unknown>) => ({ ...line, hash: null })],
  ["kind", (line: Record<string, unknown>) => ({ ...line, kind: "act" })],
  ["prev", (line: Record<string, unknown>) => ({ ...line, prev: {} })],
  ["seq", (line: Record<string, unknown>) => ({ ...line, seq: 0 })],
  ["member too many", (line: Record<string, unknown>) => ({ ...line, tail: 1 })],
  ["member too few", ({ seq: _, ...line }: Record<string, unknown>) => line],
])("a line whose %s is of another shape is of no known format", (_name, change) => {
  expect(verify(rewritten(2, change))).toEqual(refused("FORMAT_UNKNOWN", { line: 2, seq: 1 }));
});

test.each(["entry", "hash", "kind", "prev", "seq"])("a line without its %s is of no known format", (name) => {
  // Renamed so that it keeps its place in the order.
  const change = (line: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(line).map(([key, value]) => [key === name ? `${key}_` : key, value]));
  expect(verify(rewritten(2, change))).toEqual(refused("FORMAT_UNKNOWN", { line: 2, seq: 1 }));
});

test("what lies between an entry's ends is left to its hash, unless every entry shall be proven to be canonical", () => {
  const spaced = trail.texts[0]!.replace('"outcome":', '"outcome": ');
  const lines = aTrailOf([spaced], signer).lines();
  const file = Buffer.from(`${lines.join("\n")}\n`);
  expect(verifyFile(file, keys)).toMatchObject({ ok: true });
  expect(verifyFile(file, { ...keys, thorough: true })).toEqual(refused("LINE_NOT_CANONICAL", { line: 2, seq: 1 }));
  // The same bytes under a hash that does not fit them are damage, and said to be what they are.
  const damaged = Buffer.from(file.toString().replace("maria", "mario"));
  expect(verifyFile(damaged, keys)).toEqual(refused("LINE_NOT_CANONICAL", { line: 2, seq: 1 }));
  // What was sealed and is no JSON at all has no shown id to name it by.
  const cut = Buffer.from(lines.slice(0, 2).join("\n"));
  const { audit_id: _, ...nameless } = JSON.parse(trail.texts[0]!);
  const without = aTrailOf([canonicalJson(nameless)], signer)
    .lines()
    .slice(0, 2)
    .join("\n");
  expect(verifyFile(Buffer.from(`${without}\n`), keys)).toEqual(
    refused("SEAL_MISSING", { line: 2, seq: 1, stream: "a" }),
  );
  expect(verifyFile(Buffer.concat([cut, Buffer.from("\n")]), keys)).toEqual(
    refused("SEAL_MISSING", { line: 2, seq: 1, stream: "a" }),
  );
});

test("an entry may have more members than the verifier needs, after the timestamp too", () => {
  const more = {
    abcdef: 1,
    abcdefgh: 2,
    abcdefghi: 3,
    abcdefghij: 4,
    abcdefghijk: 5,
    validation_details: { tests_passed: 1 },
  };
  const text = canonicalJson({ ...JSON.parse(trail.texts[0]!), ...more });
  expect(verify(aTrailOf([text], signer).lines())).toMatchObject({ ok: true });
  const numberAtTheEnd = canonicalJson({ ...JSON.parse(trail.texts[0]!), z: 1 });
  expect(verify(aTrailOf([numberAtTheEnd], signer).lines())).toMatchObject({ ok: true });
});

test("a missing seal names the last good entry", () => {
  const last = { seq: 4, auditId: "AUDIT-20261121-100003-000003", stream: "workspace" };
  expect(verify(trail.lines().slice(0, 5))).toEqual(refused("SEAL_MISSING", { line: 5, ...last }));
  const inside = [...trail.lines().slice(0, 5), trail.lines()[5]!.slice(0, 99)];
  expect(verify(inside)).toEqual(refused("SEAL_MISSING", { line: 6, ...last }));
  expect(verify(trail.lines().slice(0, 1))).toEqual(refused("SEAL_MISSING", { line: 1 }));
  expect(verify([trail.lines()[0]!.slice(0, 9)])).toEqual(refused("SEAL_MISSING", { line: 1 }));
});

test("a line that stops short in the middle of a file is a damaged line", () => {
  const lines = trail.lines();
  expect(verify(lines.with(4, lines[4]!.slice(0, 99)))).toEqual(refused("LINE_NOT_CANONICAL", { line: 5, seq: 4 }));
});

test("a seal that does not fit the entries is a mismatch", () => {
  const seal = (change: Partial<SealedHead>) => verify(rewritten(7, (value) => ({ ...value, ...change })));
  expect(seal({ count: 6 })).toEqual(refused("SEAL_MISMATCH", { line: 7, seq: 6 }));
  expect(seal({ count: 3 })).toEqual(refused("SEAL_MISMATCH", { line: 7, seq: 4 }));
  expect(seal({ root: "0".repeat(64) })).toEqual(refused("SEAL_MISMATCH", { line: 7 }));
});

test.each([
  { kind: "seals" },
  { count: 0.5 },
  { keyId: "" },
  { time: "yesterday" },
  { chain: "x" },
  { chain: "0".repeat(64) },
  { root: "x" },
  { signature: "x" },
  { more: 1 },
])("a seal with %j is of no known format", (change) => {
  expect(verify(rewritten(7, (value) => ({ ...value, ...change })))).toEqual(refused("FORMAT_UNKNOWN", { line: 7 }));
});

test("a seal is worth its signature", () => {
  expect(verify(rewritten(7, (seal) => ({ ...seal, time: "2026-11-21T11:00:01Z" })))).toEqual(
    refused("SIGNATURE_INVALID", { line: 7 }),
  );
  expect(verify(trail.lines(), { ...keys, publicKeys: { "key-2": "secret" } })).toEqual(
    refused("KEY_UNKNOWN", { line: 7 }),
  );
  const { publicKeys: _, ...keyless } = keys;
  expect(verify(trail.lines(), keyless)).toEqual(refused("KEY_UNKNOWN", { line: 7 }));
  const inherited = aTrail([{ stream: "a" }], { ...signer, keyId: "constructor" });
  expect(verify(inherited.lines())).toEqual(refused("KEY_UNKNOWN", { line: 3 }));
});

test("a header that announces another seal is a mismatch", () => {
  const header = (change: object) => verify(rewritten(1, (value) => ({ ...value, ...change })));
  expect(header({ count: 9 })).toEqual(refused("HEADER_MISMATCH", { line: 1, seq: 6 }));
  expect(header({ count: 2 })).toEqual(refused("HEADER_MISMATCH", { line: 1 }));
  expect(header({ time: "2026-11-21T11:00:00Z" })).toEqual(refused("HEADER_MISMATCH", { line: 1 }));
  expect(header({ keyId: "key-2" })).toEqual(refused("HEADER_MISMATCH", { line: 1 }));
});

test("nothing follows the seal", () => {
  expect(verify([...trail.lines(), ""])).toEqual(refused("TRAILING_DATA", { line: 8 }));
  expect(verify([...trail.lines(), trail.lines()[6]!])).toEqual(refused("TRAILING_DATA", { line: 8 }));
});

test("a trail that has grown since the checkpoint is held against it", () => {
  for (let count = 0; count <= 5; count++) {
    expect(verify(trail.lines(), { ...keys, checkpoint: trail.sealAt(count) })).toMatchObject({
      ok: true,
      checkpoint: "held",
    });
  }
});

test("a tail that was cut off before re-sealing is missed by the checkpoint only", () => {
  expect(verify(trail.lines(3))).toMatchObject({ ok: true, count: 3 });
  expect(verify(trail.lines(3), { ...keys, checkpoint: trail.sealAt() })).toEqual(
    refused("CHECKPOINT_AHEAD", { line: 5, seq: 4 }),
  );
});

test("a trail that was rewritten before the checkpoint is refused where the checkpoint stands", () => {
  const forged = aTrail([{ stream: "a" }, { stream: "x" }, { stream: "a" }, { stream: "b" }], signer);
  expect(verify(forged.lines(), { ...keys, checkpoint: trail.sealAt(1) })).toMatchObject({ ok: true });
  expect(verify(forged.lines(), { ...keys, checkpoint: trail.sealAt(3) })).toEqual(
    refused("CHECKPOINT_MISMATCH", third),
  );
  const unsigned = { ...trail.sealAt(3), root: "0".repeat(64) };
  expect(verify(trail.lines(), { checkpoint: unsigned })).toEqual(refused("CHECKPOINT_MISMATCH", third));
  const empty = { ...trail.sealAt(0), root: "1".repeat(64) };
  expect(verify(trail.lines(), { checkpoint: empty })).toEqual(refused("CHECKPOINT_MISMATCH", { line: 1, seq: 0 }));
});

test("a checkpoint is worth its signature too", () => {
  const checkpoint = { ...trail.sealAt(3), time: "2026-11-21T12:00:00Z" };
  expect(verify(trail.lines(), { ...keys, checkpoint })).toEqual(refused("CHECKPOINT_INVALID", { line: 0 }));
  expect(verify(trail.lines(), { ...keys, checkpoint: { ...checkpoint, keyId: "key-2" } })).toEqual(
    refused("KEY_UNKNOWN", { line: 0 }),
  );
});

test("a checkpoint is read from the last line of an export", () => {
  expect(readCheckpoint(`${trail.lines().at(-1)}\n`)).toEqual({ ok: true, value: trail.sealAt() });
  for (const text of ["", "not JSON", "null", "{}", trail.lines()[0]!]) {
    expect(readCheckpoint(text)).toMatchObject({ ok: false, refusal: { code: "CHECKPOINT_INVALID" } });
  }
});
