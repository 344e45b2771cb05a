import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { CanonicalScanner } from "./canonical-scan.ts";
import { followEntries } from "./entries.ts";
import { formatOf, type Header, readHeader, readSeal, type SealedHead, signedText } from "./sealed-head.ts";
import type { Sha256 } from "./tree.ts";
import { textOf } from "./utf8.ts";
import { type ExportPlace, type NotVerified, notVerified, type Verdict, type VerdictCode } from "./verdict.ts";

export interface VerifierOptions {
  /** A seal saved earlier, elsewhere: the export must contain exactly what was sealed then. */
  readonly checkpoint?: SealedHead;
  /** Trusted public keys by key id, in whatever form `verifySignature` takes. */
  readonly publicKeys?: Readonly<Record<string, string>>;
  /** Whether this is the key's Ed25519 signature (hex) of the statement's UTF-8 bytes. Without it signatures are not checked. */
  readonly verifySignature?: (publicKey: string, statement: string, signature: string) => boolean;
  /**
   * Whether every entry must also be proven to be in canonical form, and so to have one reading only, though its hash shows that it is
   * what was sealed. Otherwise that is proven of entries whose ends are not as expected, and of damaged ones. It adds a third to the time.
   */
  readonly thorough?: boolean;
  /** A faster SHA-256 than the portable default, such as that of node:crypto. */
  readonly sha256?: Sha256;
}

export interface Verifier {
  /**
   * Takes the next line without its line feed, as UTF-8 bytes (surest: a damaged byte cannot hide in decoding) or text.
   * False once the export is refused; further lines change nothing then.
   */
  line(line: string | Uint8Array): boolean;
  /** Lets lines be taken from a piece of the export, whose memory stays as it is until the next piece. */
  piece(bytes: Uint8Array): void;
  /**
   * Takes the line that begins at `start` of the piece when it stands there whole, with its line feed, and is canonical: answers where
   * the next line begins. Answers -1 when it took nothing, or when there is no use in reading on.
   */
  lineWithin(start: number): number;
  /** Refuses the line that would come next because it is longer than the caller is willing to hold. */
  tooLong(limit: number): void;
  /** The verdict, after the last line. */
  end(): Verdict;
}

const LINE_FEED = 0x0a;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A verifier of one export, fed line by line. Its memory grows with the number of streams, not of entries.
 * It shares no code with the side that writes the trail.
 */
export function createVerifier(options: VerifierOptions = {}): Verifier {
  const sha256 = options.sha256 ?? ((bytes: Uint8Array) => bytesToHex(nobleSha256(bytes)));
  const { checkpoint } = options;
  const scanner = new CanonicalScanner();
  let entries = followEntries(sha256, 2, []);
  let piece: Uint8Array = new Uint8Array();
  let lines = 0;
  let header: Header | null = null;
  let verdict: Verdict | null = options.checkpoint === undefined ? null : checkpointFault(options.checkpoint);
  const thorough = options.thorough === true;
  // Set when the last line read stops short, which means a cut file unless another line follows.
  let cut = false;

  function fail(code: VerdictCode, message: string, more: Omit<ExportPlace, "line"> = {}): NotVerified {
    return notVerified(code, message, { line: lines, ...more });
  }

  /** The entry due on this line, unless the header says that all have come. */
  function due(): { seq?: number } {
    return header !== null && entries.count < header.count ? { seq: entries.count + 1 } : {};
  }

  function signatureFault(seal: SealedHead): "KEY_UNKNOWN" | "SIGNATURE_INVALID" | null {
    const { publicKeys = {}, verifySignature } = options;
    if (verifySignature === undefined) return null;
    const key = Object.hasOwn(publicKeys, seal.keyId) ? publicKeys[seal.keyId] : undefined;
    if (key === undefined) return "KEY_UNKNOWN";
    return verifySignature(key, signedText(seal), seal.signature) ? null : "SIGNATURE_INVALID";
  }

  function checkpointFault(saved: SealedHead): NotVerified | null {
    const fault = signatureFault(saved);
    if (fault === null) return null;
    const message =
      fault === "KEY_UNKNOWN"
        ? `The checkpoint is signed with the key ${saved.keyId}, which is not among the trusted ones.`
        : `The checkpoint's signature is not one of the key ${saved.keyId}.`;
    return notVerified(fault === "KEY_UNKNOWN" ? "KEY_UNKNOWN" : "CHECKPOINT_INVALID", message, { line: 0 });
  }

  /** Holds the trail against the checkpoint where it has the checkpoint's size. */
  function heldAgainstCheckpoint(): NotVerified | null {
    if (checkpoint === undefined || checkpoint.count !== entries.count) return null;
    if (entries.differs(checkpoint) === null) return null;
    return fail("CHECKPOINT_MISMATCH", `The first ${entries.count} entries are not those of the checkpoint.`, {
      seq: entries.count,
      ...entries.lastEntry(),
    });
  }

  function takeHeader(bytes: Uint8Array): NotVerified | null {
    const value = parse(bytes);
    header = readHeader(value);
    if (header !== null) {
      entries = followEntries(sha256, header.format, checkpoint === undefined ? [] : [formatOf(checkpoint)]);
      entries.piece(piece);
      return heldAgainstCheckpoint();
    }
    if (typeof value.format === "string" || value.kind === "header") {
      return fail("FORMAT_UNKNOWN", "The first line is not the header of an audit export this version can read.");
    }
    return fail("HEADER_MISSING", "The export does not begin with its header.");
  }

  function takeSeal(bytes: Uint8Array): Verdict {
    const seal = readSeal(parse(bytes));
    const { format } = header as Header;
    if (seal === null || formatOf(seal) !== format) {
      return fail("FORMAT_UNKNOWN", `Line ${lines} is neither an entry nor the seal.`, due());
    }
    const { count } = entries;
    if (seal.count > count) {
      return fail("SEAL_MISMATCH", `The seal counts ${seal.count} entries, but entry ${count + 1} is missing.`, {
        seq: count + 1,
      });
    }
    if (seal.count < count) {
      return fail("SEAL_MISMATCH", `The seal counts ${seal.count} entries, but ${count} stand before it.`, {
        seq: seal.count + 1,
      });
    }
    const other = entries.differs(seal);
    if (other === "chain") return fail("SEAL_MISMATCH", "The seal is of another chain.");
    if (other === "root") return fail("SEAL_MISMATCH", "The seal has another Merkle root.");
    const fault = signatureFault(seal);
    if (fault === "KEY_UNKNOWN") return fail(fault, `The key ${seal.keyId} is not among the trusted ones.`);
    if (fault !== null) return fail(fault, `The seal's signature is not one of the key ${seal.keyId}.`);
    if (checkpoint !== undefined && checkpoint.count > count) {
      const message = `The checkpoint of ${checkpoint.time} knew ${checkpoint.count} entries; the tail from entry ${count + 1} on is missing.`;
      return fail("CHECKPOINT_AHEAD", message, { seq: count + 1 });
    }
    return headerFault(header as Header, seal) ?? accepted(seal);
  }

  function headerFault(announced: Header, seal: SealedHead): NotVerified | null {
    if (announced.count > seal.count) {
      const message = `The header announces ${announced.count} entries, the seal has ${seal.count}: the tail may have been cut off.`;
      return notVerified("HEADER_MISMATCH", message, { line: 1, seq: seal.count + 1 });
    }
    if (announced.count === seal.count && announced.time === seal.time && announced.keyId === seal.keyId) return null;
    return notVerified("HEADER_MISMATCH", "The header announces another seal than the one at the end.", { line: 1 });
  }

  function accepted(seal: SealedHead): Verdict {
    return {
      ok: true,
      count: entries.count,
      head: entries.head(),
      root: seal.root,
      firstTime: entries.firstTime,
      lastTime: entries.lastTime(),
      sealedAt: seal.time,
      keyId: seal.keyId,
      signature: options.verifySignature === undefined ? "not-checked" : "valid",
      checkpoint: checkpoint === undefined ? "none" : "held",
    };
  }

  function take(line: string | Uint8Array): Verdict | null {
    if (typeof line === "string" && LONE_SURROGATE.test(line)) {
      return fail("LINE_NOT_CANONICAL", `Line ${lines} is not Unicode text.`, due());
    }
    const bytes = typeof line === "string" ? utf8ToBytes(line) : line;
    if (!scanner.scan(bytes)) {
      cut = scanner.at === bytes.length;
      const message = `Line ${lines} is not in canonical form, from byte ${scanner.at + 1} on.`;
      return fail("LINE_NOT_CANONICAL", message, due());
    }
    return takeScanned(bytes, 0);
  }

  /** Takes the canonical line that was scanned from `start` on. */
  function takeScanned(bytes: Uint8Array, start: number): Verdict | null {
    if (header === null) return takeHeader(bytes.subarray(start, scanner.at));
    const entry = entries.take(scanner, lines);
    if (entry === null) return heldAgainstCheckpoint();
    return entry === "not-an-entry" ? takeSeal(bytes.subarray(start, scanner.at)) : entry;
  }

  return {
    line(line) {
      if (verdict?.ok) {
        lines += 1;
        verdict = fail("TRAILING_DATA", "Something follows the seal.");
      } else if (verdict === null) {
        lines += 1;
        verdict = take(line);
      } else cut = false;
      return verdict?.ok !== false;
    },
    piece(bytes) {
      piece = bytes;
      entries.piece(bytes);
    },
    lineWithin(start) {
      const bytes = piece;
      if (verdict === null && header !== null && !thorough) {
        const end = bytes.indexOf(LINE_FEED, start);
        if (end < 0) return -1;
        if (entries.takeQuickly(start, end)) {
          lines += 1;
          verdict = heldAgainstCheckpoint();
          return verdict === null ? end + 1 : -1;
        }
      }
      if (verdict !== null || !scanner.scanFrom(bytes, start) || bytes[scanner.at] !== LINE_FEED) return -1;
      lines += 1;
      const next = scanner.at + 1;
      verdict = takeScanned(bytes, start);
      return verdict?.ok === false ? -1 : next;
    },
    tooLong(limit) {
      if (verdict?.ok === false) return;
      lines += 1;
      verdict = fail("LINE_TOO_LONG", `Line ${lines} is longer than ${limit} bytes.`, due());
    },
    end() {
      if (verdict !== null && !cut) return verdict;
      if (lines === 0) return notVerified("HEADER_MISSING", "The export is empty.", { line: 1 });
      const after = entries.count === 0 ? "before the first entry" : `after entry ${entries.count}`;
      const last = entries.count === 0 ? {} : { seq: entries.count, ...entries.lastEntry() };
      return fail("SEAL_MISSING", `The export ends in line ${lines}, ${after}, without its seal.`, last);
    },
  };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(textOf(bytes, 0, bytes.length));
}
