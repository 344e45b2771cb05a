import { accept, type Outcome, refuse } from "../change/refusal.ts";
import { readSeal, type SealedHead } from "./sealed-head.ts";

/** The checkpoint in a saved file: one JSON object, as an export's last line. Refuses with CHECKPOINT_INVALID. */
export function readCheckpoint(text: string): Outcome<SealedHead> {
  const seal = readSeal(parsed(text));
  if (seal !== null) return accept(seal);
  return refuse(
    "CHECKPOINT_INVALID",
    "This is not a checkpoint.",
    "A checkpoint is the line that `audit checkpoint` prints, which is also the last line of an export.",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is one more way of not being a checkpoint; the refusal says so.
    return null;
  }
}
