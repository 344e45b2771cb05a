import type { ErrorTopic } from "./topic.ts";

/** Codes of: audit trail. */
export const audit: ErrorTopic = {
  id: "audit",
  title: "Audit trail",
  about: "Seals and proofs, and what the verifier of an export finds.",
  codes: {
    NOTHING_SEALED: { status: 409, means: "Nothing was sealed yet.", next: "Try again in a moment." },
    AUDIT_KEY_FIXED: {
      status: 409,
      means: "The audit key comes from the environment of the process, so the server cannot replace it.",
      next: "Put the new one there, the old one into CHANGE_MGMT_AUDIT_KEY_BEFORE, and restart the processes one by one.",
    },
    KEY_NOT_ENDORSED: {
      means: "No chain of rotations leads from the trusted key to the newest one.",
      next: "Let the operator hand over the newest public key in person.",
    },
    CHECKPOINT_INVALID: {
      means: "What was given is not a checkpoint, or not one of this trail.",
      next: "Give the line that `audit checkpoint` prints.",
    },
    INCLUSION_INVALID: {
      means: "The proof does not show that the entry stands where it says.",
      next: "Ask for a new proof of this entry, for the seal you hold.",
    },
    CONSISTENCY_INVALID: {
      means: "The proof does not show that the newer trail begins with the older one.",
      next: "Ask for a new proof between the two seals; if it fails too, the trail was rewritten in between.",
    },
    HEADER_MISSING: { means: "The export has no first line that says what it is.", next: "Take the export again." },
    HEADER_MISMATCH: {
      means: "The first line of the export does not fit the rest.",
      next: "Take the export again; do not trust this one.",
    },
    FORMAT_UNKNOWN: {
      means: "The file is not an export that this version reads.",
      next: "Use the version that wrote it, or a later one.",
    },
    LINE_NOT_CANONICAL: {
      means: "A line is not written as exports are written, so it was edited.",
      next: "Do not trust this file; take the export again.",
    },
    LINE_TOO_LONG: {
      means: "A line is longer than any entry can be.",
      next: "Do not trust this file; take the export again.",
    },
    ENTRY_ALTERED: {
      means: "An entry is not what was sealed.",
      next: "Do not trust this file; compare it with an export of your own.",
    },
    ROW_ALTERED: {
      status: 409,
      means:
        "A row of the stored trail is not as it was appended, so it is not sealed, or says otherwise than what was sealed.",
      next: "Trust an earlier export rather than the list; find out who writes into the table.",
    },
    SEQUENCE_GAP: {
      means: "Entries are missing or in another order.",
      next: "Do not trust this file; compare it with an export of your own.",
    },
    CHAIN_BROKEN: {
      means: "An entry does not follow the one before it.",
      next: "Do not trust this file; compare it with an export of your own.",
    },
    STREAM_BROKEN: {
      means: "An entry does not follow the one before it in the history of its subject.",
      next: "Do not trust this file; compare it with an export of your own.",
    },
    SEAL_MISSING: { means: "The export ends without a seal.", next: "The file was cut off; take the export again." },
    SEAL_MISMATCH: {
      means: "The seal is not one of these entries.",
      next: "Do not trust this file; compare it with an export of your own.",
    },
    SIGNATURE_INVALID: {
      means: "The signature of the seal is not of the key it names.",
      next: "Do not trust this file.",
    },
    CHECKPOINT_MISMATCH: {
      means: "The export is of another history than the checkpoint you kept.",
      next: "One of the two was rewritten; compare both with a third copy.",
    },
    CHECKPOINT_AHEAD: {
      means: "The checkpoint covers more entries than the export has.",
      next: "Take a newer export.",
    },
    TRAILING_DATA: { means: "Something follows the last line of the export.", next: "Take the export again." },
  },
};
