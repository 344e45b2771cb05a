import type { Situation } from "../change/situation.ts";
import type { Process } from "../process/process.ts";

/** What a change is judged in: its pinned process, and everything beside the change that rules ask about. */
export interface Setting {
  readonly process: Process;
  readonly situation: Situation;
}
