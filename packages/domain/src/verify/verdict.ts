/** Why an export is refused; each kind of damage has its own code. */
export type VerdictCode =
  | "HEADER_MISSING"
  | "FORMAT_UNKNOWN"
  | "LINE_NOT_CANONICAL"
  | "LINE_TOO_LONG"
  | "ENTRY_ALTERED"
  | "SEQUENCE_GAP"
  | "CHAIN_BROKEN"
  | "STREAM_BROKEN"
  | "SEAL_MISSING"
  | "SEAL_MISMATCH"
  | "HEADER_MISMATCH"
  | "KEY_UNKNOWN"
  | "SIGNATURE_INVALID"
  | "CHECKPOINT_INVALID"
  | "CHECKPOINT_MISMATCH"
  | "CHECKPOINT_AHEAD"
  | "TRAILING_DATA";

/**
 * Where in an export: the 1-based line (0: not in the export but in the checkpoint), the global sequence number, and the entry
 * by its shown id and stream as far as they could be read there.
 */
export interface ExportPlace {
  readonly line: number;
  readonly seq?: number;
  readonly auditId?: string;
  readonly stream?: string;
}

export interface Verified {
  readonly ok: true;
  readonly count: number;
  /** Hex chain hash of the last entry. */
  readonly head: string;
  /** Hex Merkle root. */
  readonly root: string;
  /** Timestamps of the first and the last entry; null in an empty trail. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly sealedAt: string;
  readonly keyId: string;
  readonly signature: "valid" | "not-checked";
  readonly checkpoint: "held" | "none";
}

export interface NotVerified {
  readonly ok: false;
  readonly code: VerdictCode;
  readonly message: string;
  readonly hint: string;
  readonly place: ExportPlace;
}

/** What a verifier says of an export: what it holds, or the first thing found wrong and where. */
export type Verdict = Verified | NotVerified;

const DAMAGED =
  "Export the trail again. If the new export is refused too, the stored trail itself was changed: compare it with a backup.";
const COMPARE = "Compare with an earlier export, a checkpoint or a backup to see what stood there.";
const WHOLE = "Take the whole file, from the header to the seal, as the export command wrote it.";

/** What to do about each code. */
export const HINTS: Readonly<Record<VerdictCode, string>> = {
  HEADER_MISSING: WHOLE,
  FORMAT_UNKNOWN: "Check that this is an audit export, and verify it with the version that wrote it or a newer one.",
  LINE_NOT_CANONICAL: `Something rewrote this line after the export, if only its white space. ${DAMAGED}`,
  LINE_TOO_LONG: "Check that this is an audit export: its lines end with a line feed alone.",
  ENTRY_ALTERED: DAMAGED,
  SEQUENCE_GAP: COMPARE,
  CHAIN_BROKEN: COMPARE,
  STREAM_BROKEN: COMPARE,
  SEAL_MISSING: `The file was cut off. ${WHOLE}`,
  SEAL_MISMATCH: COMPARE,
  HEADER_MISMATCH: COMPARE,
  KEY_UNKNOWN: "Give the public key of that id, if it comes from a place you trust; otherwise do not trust the export.",
  SIGNATURE_INVALID: "Do not trust this export: whoever made it did not have the key.",
  CHECKPOINT_INVALID: "Use a checkpoint as it was saved, with the public key that belongs to it.",
  CHECKPOINT_MISMATCH:
    "The trail was rewritten after the checkpoint was saved, or the checkpoint is of another installation.",
  CHECKPOINT_AHEAD: "Entries that were sealed when the checkpoint was saved are missing. Find out who cut them off.",
  TRAILING_DATA: WHOLE,
};

/** A refusal of an export, with the hint of its code. */
export function notVerified(code: VerdictCode, message: string, place: ExportPlace): NotVerified {
  return { ok: false, code, message, hint: HINTS[code], place };
}
