// node test/chaos/tamper.ts --trials=5000 --seed=1: damages exports of the audit trail in every way it knows, verifies each, and prints how
// often each way was found and with which codes. Exits 1 when one was not found, or when a clean export was refused.
import { generateKeyPairSync, hash, sign, verify } from "node:crypto";
import { parseArgs } from "node:util";
import { exportHeader, exportSeal } from "@change-mgmt/domain/audit/export.ts";
import { aTrail, aTrailOf, type SampleTrail } from "@change-mgmt/domain/testing/a-trail.ts";
import { inFormat1 } from "@change-mgmt/domain/testing/format-1.ts";
import type { SealedHead } from "@change-mgmt/domain/verify/sealed-head.ts";
import { verifyBytes } from "@change-mgmt/domain/verify/verify-export.ts";

/** What the trials came to: how often each way of damaging was tried and with which codes it was found, and what went wrong. */
export interface Trials {
  readonly found: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly clean: number;
  /** Damage that was not found, and clean exports that were refused; to be repeated by seed. */
  readonly wrong: readonly string[];
}

interface Case {
  readonly trail: SampleTrail;
  readonly lines: readonly string[];
  readonly random: (below: number) => number;
}

/** A damaged file, and a checkpoint where only that can tell. */
interface Damaged {
  readonly file: Buffer;
  readonly checkpoint?: SealedHead;
}

function signer(keyId: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { keyId, publicKey, sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString("hex") };
}

const ours = signer("ours");
const next = signer("next");
const stranger = signer("stranger");
const impostor = signer("ours");
const trusted = { ours: ours.publicKey, next: next.publicKey };
const STREAMS = ["01986e8e-7d1c-7a31-9c1b-000000000001", "user:7", "workspace"];

const fileOf = (lines: readonly string[]) => Buffer.from(`${lines.join("\n")}\n`);
const at = (file: Buffer, place: number, drop: number, put: Buffer) =>
  Buffer.concat([file.subarray(0, place), put, file.subarray(place + drop)]);
/** Line of an entry, any or of those up to `last`. */
const entryLine = ({ trail, random }: Case, last = trail.texts.length) => 1 + random(last);

const WAYS: Readonly<Record<string, (one: Case) => Damaged>> = {
  "flip a bit": (one) =>
    onFile(one, (file, place) => at(file, place, 1, Buffer.of(file[place]! ^ (1 << one.random(8))))),
  "replace a byte": (one) => onFile(one, (file, place) => at(file, place, 1, Buffer.of(one.random(256)))),
  "delete bytes": (one) => onFile(one, (file, place) => at(file, place, 1 + one.random(80), Buffer.of())),
  "insert bytes": (one) =>
    onFile(one, (file, place) => at(file, place, 0, Buffer.of(one.random(256), one.random(128)))),
  truncate: (one) => onFile(one, (file, place) => file.subarray(0, place)),
  "delete a line": (one) => onLines(one, (lines) => lines.toSpliced(one.random(lines.length), 1)),
  "duplicate a line": (one) =>
    onLines(one, (lines) => lines.toSpliced(one.random(lines.length + 1), 0, lines[one.random(lines.length)]!)),
  "swap two lines": (one) =>
    onLines(one, (lines) => {
      const [a, b] = [one.random(lines.length), one.random(lines.length)];
      return lines.with(a, lines[b]!).with(b, lines[a]!);
    }),
  "carriage returns": (one) => ({ file: Buffer.from(one.lines.map((line) => `${line}\r\n`).join("")) }),
  "byte order mark": (one) => ({ file: Buffer.concat([Buffer.from("\ufeff"), fileOf(one.lines)]) }),
  "another encoding": (one) => ({
    file: Buffer.from(fileOf(one.lines).toString(), one.random(2) ? "latin1" : "utf16le"),
  }),
  "another normal form": (one) => ({ file: Buffer.from(fileOf(one.lines).toString().normalize("NFD")) }),
  "a number as text": (one) => inLine(one, /"(stream_seq|seq)":(\d+)/, '"$1":"$2"'),
  "a number written otherwise": (one) =>
    inLine(one, /"seq":(\d+)\}$/, ["0$1", "$1.0", "$1e0", "+$1"].map((n) => `"seq":${n}}`)[one.random(4)]!),
  "a letter that looks alike": (one) => inLine(one, "maria", "m\u0430ria"),
  "an escape for a letter": (one) => inLine(one, "maria", "m\\u0061ria"),
  "a member once more": (one) => inLine(one, '"outcome":"done"', '"outcome":"refused","outcome":"done"'),
  "white space": (one) => inLine(one, '"outcome":', '"outcome": '),
  "upper-case hex": (one) => inLine(one, /"hash":"(\w+)"/, `"hash":"${"AB".repeat(32)}"`),
  "altered with its hash": (one) => {
    const line = entryLine(one);
    const forged = aTrailOf(one.trail.texts.with(line - 1, forgedText(one, line)), ours);
    return { file: fileOf(one.lines.with(line, forged.lines()[line]!)) };
  },
  "re-signed by a stranger": (one) => ({ file: fileOf(aTrailOf(altered(one), stranger).lines()) }),
  "re-signed under our name": (one) => ({ file: fileOf(aTrailOf(altered(one), impostor).lines()) }),
  "re-signed with the key, against a checkpoint": (one) => ({
    file: fileOf(aTrailOf(altered(one), ours).lines()),
    checkpoint: one.trail.sealAt(),
  }),
  "a fork, against a checkpoint": (one) => {
    const kept = one.random(one.trail.texts.length);
    const fork = aTrailOf(
      [...one.trail.texts.slice(0, kept), ...aTrail([{ stream: "fork" }, { stream: "fork" }], ours).texts],
      ours,
    );
    const size = one.trail.texts.length;
    return { file: fileOf(fork.lines()), checkpoint: one.trail.sealAt(kept + 1 + one.random(size - kept)) };
  },
  "two continuations mixed": (one) => {
    const line = entryLine(one);
    const fork = aTrailOf(one.trail.texts.with(line - 1, forgedText(one, line)), ours);
    return { file: fileOf([...fork.lines().slice(0, line + 1), ...one.lines.slice(line + 1)]) };
  },
  "an older export, against a checkpoint": (one) => ({
    file: fileOf(one.trail.lines(one.random(one.trail.texts.length))),
    checkpoint: one.trail.sealAt(),
  }),
  "an older seal": (one) =>
    onLines(one, (lines) => lines.with(-1, exportSeal(one.trail.sealAt(one.random(one.trail.texts.length))))),
  "an older seal and no tail": (one) => {
    const count = one.random(one.trail.texts.length);
    return onLines(one, (lines) => [...lines.slice(0, count + 1), exportSeal(one.trail.sealAt(count))]);
  },
  "another header": (one) =>
    onLines(one, (lines) => lines.with(0, exportHeader(one.trail.sealAt(one.random(one.trail.texts.length))))),
  "a header of the other format": (one) => inLine(one, "audit-export/2", "audit-export/1", 0),
  "the other installation's line": (one) => {
    const theirs = aTrail(
      one.trail.texts.map(() => ({ stream: "theirs" })),
      next,
    ).lines();
    const line = one.random(theirs.length);
    return onLines(one, (lines) => lines.with(line, theirs[line]!));
  },
  "a line of format 1": (one) => {
    const old = inFormat1(one.trail.texts, one.trail.hashes, ours).lines();
    const line = one.random(old.length);
    return onLines(one, (lines) => lines.with(line, old[line]!));
  },
  "a checkpoint that was altered": (one) => ({
    file: fileOf(one.lines),
    checkpoint: { ...one.trail.sealAt(), count: 0 },
  }),
};

function onFile({ lines, random }: Case, change: (file: Buffer, place: number) => Buffer): Damaged {
  const file = fileOf(lines);
  // The last line feed may be missing.
  return { file: change(file, random(file.length - 1)) };
}

function onLines({ lines }: Case, change: (lines: readonly string[]) => readonly string[]): Damaged {
  return { file: fileOf(change(lines)) };
}

function inLine(one: Case, what: string | RegExp, by: string, line = entryLine(one)): Damaged {
  return { file: fileOf(one.lines.with(line, one.lines[line]!.replace(what, by))) };
}

function forgedText({ trail }: Case, line: number): string {
  return trail.texts[line - 1]!.replace("maria", "mallory");
}

function altered(one: Case): string[] {
  const line = entryLine(one);
  return one.trail.texts.with(line - 1, forgedText(one, line));
}

/** Numbers below a limit that depend on nothing but the seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function aCase(seed: number): Case {
  const random = randomFrom(seed);
  const acts = Array.from({ length: 1 + random(seed % 10 === 0 ? 40 : 8) }, () => ({
    stream: STREAMS[random(STREAMS.length)]!,
    details: { note: ["caf\u00e9", "line\u2028feed", "\u{1f389}", '"quoted"'][random(4)]!, size: random(1000) / 8 },
  }));
  const trail = aTrail(acts, ours);
  return { trail, lines: trail.lines(), random };
}

async function verdictOn({ file, checkpoint }: Damaged, { random }: Case, thorough: boolean) {
  const size = 1 + random(5000);
  const pieces = Array.from({ length: Math.ceil(file.length / size) }, (_, piece) =>
    file.subarray(piece * size, (piece + 1) * size),
  );
  return await verifyBytes(pieces, {
    thorough,
    sha256: (bytes) => hash("sha256", bytes),
    publicKeys: { ours: "ours", next: "next" },
    verifySignature: (key, text, signature) =>
      verify(null, Buffer.from(text), trusted[key as keyof typeof trusted], Buffer.from(signature, "hex")),
    ...(checkpoint ? { checkpoint } : {}),
  });
}

/** So many trials, the ways in turn, each with its own seed from this one on; after each the clean export, in another shape each time. */
export async function tamper(trials: number, seed: number): Promise<Trials> {
  const found: Record<string, Record<string, number>> = {};
  const wrong: string[] = [];
  const ways = Object.entries(WAYS);
  let clean = 0;
  for (let trial = 0; trial < trials; trial++) {
    const one = aCase(seed + trial);
    const [way, damage] = ways[trial % ways.length]!;
    const damaged = damage(one);
    const same = damaged.checkpoint === undefined && damaged.file.equals(fileOf(one.lines));
    if (!same) {
      const verdict = await verdictOn(damaged, one, trial % 2 === 0);
      const told = !verdict.ok && verdict.place.line >= 0 && verdict.message !== "";
      if (!told) wrong.push(`${way}, seed ${seed + trial}: not found`);
      const codes = found[way] ?? {};
      found[way] = codes;
      if (!verdict.ok) codes[verdict.code] = (codes[verdict.code] ?? 0) + 1;
    }
    const shape = cleanShape(one, trial);
    const verdict = await verdictOn(shape, one, trial % 3 === 0);
    clean += 1;
    if (!verdict.ok) wrong.push(`clean, seed ${seed + trial}: ${verdict.code} ${verdict.message}`);
  }
  return { found, clean, wrong };
}

/** The export as it is; of a shorter trail, perhaps an empty one; sealed on with another key; in format 1; each against an earlier checkpoint. */
function cleanShape({ trail, random }: Case, trial: number): Damaged {
  const count = random(trail.texts.length + 1);
  const checkpoint = trail.sealAt(random(count + 1));
  if (trial % 4 === 0) return { file: fileOf(trail.lines()), checkpoint };
  if (trial % 4 === 1) return { file: fileOf(trail.lines(count)), checkpoint };
  if (trial % 4 === 2) return { file: fileOf(aTrailOf(trail.texts, next).lines()), checkpoint };
  return { file: fileOf(inFormat1(trail.texts, trail.hashes, ours).lines(count)), checkpoint };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { trials: { type: "string" }, seed: { type: "string" } } });
  const { found, clean, wrong } = await tamper(Number(values.trials ?? 5000), Number(values.seed ?? 1));
  for (const [way, codes] of Object.entries(found)) {
    const total = Object.values(codes).reduce((sum, times) => sum + times, 0);
    process.stdout.write(`${way.padEnd(46)} ${String(total).padStart(5)}  ${JSON.stringify(codes)}\n`);
  }
  process.stdout.write(
    `${clean} clean exports, ${wrong.length} wrong verdicts\n${wrong.map((line) => `${line}\n`).join("")}`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
