import { expect, test } from "vitest";
import { restartTheStore } from "./restarts/trial.ts";

/** A machine with other work takes long over it; how long says nothing. */
const TIMEOUT_MS = 900_000;

test(
  "changes on their way lose nothing and are told nothing twice, though the store is restarted all the while",
  async () => {
    const wrong: string[] = [];
    const { restarts, walked } = await restartTheStore({
      changes: 6,
      every: 2,
      seed: 1,
      walkers: 3,
      deployedOf: 2,
      migrationOf: 6,
      say: () => {},
      wrong: (line) => void wrong.push(line),
    });
    expect({ walked, wrong, restarted: restarts.immediate > 0 }).toEqual({ walked: 6, wrong: [], restarted: true });
  },
  TIMEOUT_MS,
);
