import { generateKeyPairSync, hash, sign, verify } from "node:crypto";
import { exportHeader, exportSeal } from "@change-mgmt/domain/audit/export.ts";
import { aTrail, aTrailOf, type SampleAct, type SampleTrail } from "@change-mgmt/domain/testing/a-trail.ts";
import type { VerifierOptions } from "@change-mgmt/domain/verify/verifier.ts";
import { verifyBytes, verifyExport } from "@change-mgmt/domain/verify/verify-export.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const FEED = 0x0a;

function signer(keyId: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    keyId,
    publicKey: publicKey.export({ format: "pem", type: "spki" }) as string,
    sign: (statement: string) => sign(null, Buffer.from(statement), privateKey).toString("hex"),
  };
}

const ours = signer("ours");
const options: VerifierOptions = {
  publicKeys: { ours: ours.publicKey },
  verifySignature: (key, statement, signature) =>
    verify(null, Buffer.from(statement), key, Buffer.from(signature, "hex")),
  sha256: (bytes) => hash("sha256", bytes),
};

const act: fc.Arbitrary<SampleAct> = fc.record({
  stream: fc.constantFrom("change-1", "change-2", "workspace", "user:1"),
  details: fc.dictionary(fc.string({ unit: "binary", maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
});

function trails(minLength: number): fc.Arbitrary<SampleTrail> {
  return fc.array(act, { minLength, maxLength: 9 }).map((acts) => aTrail(acts, ours));
}

/** A trail and a position in it, from 1. */
function trailAndSeq(minLength = 1) {
  return trails(minLength).chain((trail) =>
    fc.tuple(fc.constant(trail), fc.integer({ min: 1, max: trail.texts.length })),
  );
}

function fileOf(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join("\n")}\n`);
}

/** The trail's export with one entry's line left out, entry 1 being on line 2. */
function without(trail: SampleTrail, seq: number): string[] {
  return trail.lines().toSpliced(seq, 1);
}

describe("Property 8: Audit Trail Completeness", () => {
  test("a clean export is accepted, in lines or bytes, also against every checkpoint there ever was", async () => {
    await fc.assert(
      fc.asyncProperty(trails(0), fc.integer({ min: 1, max: 5000 }), async (trail, size) => {
        const clean = { ok: true, count: trail.texts.length, signature: "valid" };
        const file = fileOf(trail.lines());
        const pieces = Array.from({ length: Math.ceil(file.length / size) }, (_, at) =>
          file.subarray(at * size, (at + 1) * size),
        );
        expect(await verifyBytes(pieces, options)).toMatchObject(clean);
        for (let count = 0; count <= trail.texts.length; count++) {
          const held = await verifyExport(trail.lines(), { ...options, checkpoint: trail.sealAt(count) });
          expect(held).toMatchObject({ ...clean, checkpoint: "held" });
        }
      }),
    );
  });

  test("any byte changed to any other is seen, on its line", async () => {
    await fc.assert(
      fc.asyncProperty(trails(1), fc.nat(), fc.integer({ min: 1, max: 255 }), async (trail, where, change) => {
        const file = fileOf(trail.lines());
        const at = where % file.length;
        const line = file.subarray(0, at).filter((byte) => byte === FEED).length + 1;
        file[at] = (file[at] as number) ^ change;
        expect(await verifyBytes([file], options)).toMatchObject({ ok: false, place: { line } });
      }),
      { numRuns: 1500 },
    );
  });

  test("every single byte of an export counts", async () => {
    const trail = aTrail([{ stream: "change-1", details: { note: "é\ufffd😀" } }, { stream: "change-1" }], ours);
    const file = fileOf(trail.lines());
    let line = 1;
    for (const [at, byte] of file.entries()) {
      for (const other of [byte ^ 1, byte ^ 0x20, byte ^ 0x80, FEED]) {
        if (other === byte) continue;
        const changed = Buffer.from(file);
        changed[at] = other;
        expect(await verifyBytes([changed], options)).toMatchObject({ ok: false, place: { line } });
      }
      if (byte === FEED) line += 1;
    }
  });

  test("any entry removed is missed, the last one included", async () => {
    await fc.assert(
      fc.asyncProperty(trailAndSeq(), async ([trail, seq]) => {
        const code = seq === trail.texts.length ? "SEAL_MISMATCH" : "SEQUENCE_GAP";
        const place = { line: seq + 1, seq };
        expect(await verifyExport(without(trail, seq), options)).toMatchObject({ ok: false, code, place });
      }),
    );
  });

  test("any two entries swapped are seen at the first of them", async () => {
    await fc.assert(
      fc.asyncProperty(trailAndSeq(2), fc.nat(), async ([trail, one], step) => {
        const two = ((one + (step % (trail.texts.length - 1))) % trail.texts.length) + 1;
        const lines = trail.lines();
        const swapped = lines.with(one, lines[two] as string).with(two, lines[one] as string);
        const seq = Math.min(one, two);
        const place = { line: seq + 1, seq };
        expect(await verifyExport(swapped, options)).toMatchObject({ ok: false, code: "SEQUENCE_GAP", place });
      }),
    );
  });

  test("an entry that comes again is seen where it does", async () => {
    await fc.assert(
      fc.asyncProperty(trailAndSeq(), fc.nat(), async ([trail, seq], later) => {
        const line = seq + 2 + (later % (trail.texts.length - seq + 1));
        const lines = trail.lines();
        const doubled = lines.toSpliced(line - 1, 0, lines[seq] as string);
        const place = { line, seq: line - 1 };
        expect(await verifyExport(doubled, options)).toMatchObject({ ok: false, code: "SEQUENCE_GAP", place });
      }),
    );
  });

  test("a file cut off anywhere names the last entry that is whole", async () => {
    await fc.assert(
      fc.asyncProperty(trails(1), fc.nat(), async (trail, where) => {
        const lines = trail.lines();
        const file = fileOf(lines);
        // The last line feed may be missing; everything else may not.
        const cut = file.subarray(0, 1 + (where % (file.length - 2)));
        const whole = lines
          .slice(1, -1)
          .filter((_, index) => fileOf(lines.slice(0, index + 2)).length - 1 <= cut.length);
        const line = cut.filter((byte) => byte === FEED).length + (cut.at(-1) === FEED ? 0 : 1);
        const place = whole.length === 0 ? { line } : { line, seq: whole.length };
        const verdict = await verifyBytes([cut], options);
        expect(verdict).toMatchObject({ ok: false, code: "SEAL_MISSING", place });
      }),
      { numRuns: 500 },
    );
  });

  test("a tail cut off and closed with an older genuine seal is missed by the header, or else by a checkpoint", async () => {
    await fc.assert(
      fc.asyncProperty(trailAndSeq(), async ([trail, missing]) => {
        const count = missing - 1;
        const older = trail.sealAt(count);
        const reclosed = [...trail.lines().slice(0, missing), exportSeal(older)];
        expect(await verifyExport(reclosed, options)).toMatchObject({
          ok: false,
          code: "HEADER_MISMATCH",
          place: { line: 1, seq: missing },
        });
        const disguised = reclosed.with(0, exportHeader(older));
        // What an older export was, it still is: only somebody who kept a later seal can tell.
        expect(await verifyExport(disguised, options)).toMatchObject({ ok: true, count });
        expect(await verifyExport(disguised, { ...options, checkpoint: trail.sealAt() })).toMatchObject({
          ok: false,
          code: "CHECKPOINT_AHEAD",
          place: { line: missing + 1, seq: missing },
        });
      }),
    );
  });

  test("an entry put in between is seen where it stands, or, if it was linked there, where the genuine one then stands", async () => {
    const extra = aTrail([{ stream: "forged" }], ours);
    await fc.assert(
      fc.asyncProperty(trailAndSeq(2), async ([trail, seq]) => {
        const lines = trail.lines();
        const elsewhere = aTrailOf([...extra.texts, ...extra.texts], ours).lines()[2] as string;
        fc.pre(seq > 1);
        expect(await verifyExport(lines.toSpliced(seq, 0, elsewhere), options)).toMatchObject({
          ok: false,
          code: seq === 2 ? "CHAIN_BROKEN" : "SEQUENCE_GAP",
          place: { line: seq + 1, seq },
        });
        // Linking takes no key, so the forged line itself is as good as any until the next one.
        const linked = aTrailOf([...trail.texts.slice(0, seq - 1), ...extra.texts], ours).lines()[seq] as string;
        expect(await verifyExport(lines.toSpliced(seq, 0, linked), options)).toMatchObject({
          ok: false,
          code: "SEQUENCE_GAP",
          place: { line: seq + 2, seq: seq + 1 },
        });
      }),
    );
  });

  test("a chain recomputed without the key is refused at its seal, and at the checkpoint", async () => {
    await fc.assert(
      fc.asyncProperty(trailAndSeq(), fc.boolean(), async ([trail, seq], ownName) => {
        const stranger = signer(ownName ? "stranger" : "ours");
        const texts = trail.texts.with(seq - 1, (trail.texts[seq - 1] as string).replace('"maria"', '"mallory"'));
        const forged = aTrailOf(texts, stranger);
        // Nothing of the same stream after the entry, or the stream's own link would show it first.
        const { stream } = JSON.parse(texts[seq - 1] as string);
        fc.pre(!texts.slice(seq).some((text) => JSON.parse(text).stream === stream));
        expect(await verifyExport(forged.lines(), options)).toMatchObject({
          ok: false,
          code: ownName ? "KEY_UNKNOWN" : "SIGNATURE_INVALID",
          place: { line: texts.length + 2 },
        });
        const { sha256 } = options;
        expect(await verifyExport(forged.lines(), { sha256, checkpoint: trail.sealAt(seq) })).toMatchObject({
          ok: false,
          code: "CHECKPOINT_MISMATCH",
          place: { line: seq + 1, seq },
        });
      }),
    );
  });

  test("an entry dropped by whoever holds the key is missed by its stream", async () => {
    await fc.assert(
      fc.asyncProperty(trailAndSeq(2), async ([trail, seq]) => {
        const { stream } = JSON.parse(trail.texts[seq - 1] as string);
        const next = trail.texts.findIndex((text, index) => index >= seq && JSON.parse(text).stream === stream);
        fc.pre(next > 0);
        const resealed = aTrailOf(trail.texts.toSpliced(seq - 1, 1), ours);
        const place = { line: next + 1, seq: next, stream };
        expect(await verifyExport(resealed.lines(), options)).toMatchObject({
          ok: false,
          code: "STREAM_BROKEN",
          place,
        });
      }),
    );
  });
});
