import { createHash, hash } from "node:crypto";
import { verifyBytes } from "@change-mgmt/domain/verify/verify-export.ts";
import { anExport } from "./audit-export.ts";
import { defineBench, measureRounds, ratio, spread } from "./measure.ts";

const ENTRIES = 30_000;
const PIECE = 1 << 20;
/** So often the floor does its work in a round, to be as long at it as the verifier. */
const FLOORS = 4;

/** Whether verifying an export costs little more than hashing its bytes once, which nobody can do without. */
export const bench = defineBench({
  question: "What does verifying an export cost, held against SHA-256 of the same bytes in one go?",
  async run() {
    const bytes = Buffer.from(anExport(ENTRIES));
    const sha256 = (part: Uint8Array) => hash("sha256", part);
    const verified = (thorough: boolean) => async () => {
      const verdict = await verifyBytes(piecesOf(bytes), { sha256, thorough });
      if (!verdict.ok) throw new Error(`${verdict.code}: ${verdict.message}`);
    };
    const { floor, verify, thorough } = await measureRounds(
      {
        floor: () => {
          for (let time = 0; time < FLOORS; time++) createHash("sha256").update(bytes).digest("hex");
        },
        verify: verified(false),
        thorough: verified(true),
      },
      { rounds: 25, warmUp: 5 },
    );
    return {
      subject: { entries: ENTRIES, bytes: bytes.length },
      figures: {
        [`sha256 ${FLOORS} times, ms`]: spread(floor.wall),
        "verify, ms": spread(verify.wall),
        "verify each line's form too, ms": spread(thorough.wall),
      },
      ratios: {
        "verify by sha256, processor time": ratio(verify.cpu, floor.cpu, FLOORS),
        "verify by sha256, wall": ratio(verify.wall, floor.wall, FLOORS),
        "verify each line's form too by sha256, processor time": ratio(thorough.cpu, floor.cpu, FLOORS),
      },
      limits: { "verify by sha256, processor time": 3, "verify by sha256, wall": 3 },
    };
  },
});

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
