import type { Handlers } from "../../commands/handler.ts";
import { loadActor } from "../../identity/actors.ts";
import type { Installation } from "../open.ts";
import { makeSampleChanges } from "./make-changes.ts";
import { beginSample, sampleMaker, sampleState } from "./sample-record.ts";

export interface SampleTools {
  readonly installation: Installation;
  readonly handlers: Handlers;
  readonly say: (line: string) => void;
}

/** Makes the changes of the sample in the background of a running server. */
export class SampleMaker {
  readonly #options: SampleTools;
  #stop = new AbortController();
  #making: Promise<unknown> = Promise.resolve();

  constructor(options: SampleTools) {
    this.#options = options;
  }

  /** Begins to make them, or goes on, where there is a sample that lacks them; answers before they are made. */
  async begin(): Promise<void> {
    const { installation, handlers, say } = this.#options;
    const { db } = installation.store;
    if ((await sampleState(db)) === "people") {
      const maker = await sampleMaker(db);
      const actor = maker === undefined ? undefined : await loadActor(db, maker);
      if (!actor) return;
      const begun = await installation.door.execute(beginSample, { changes: true }, { actor });
      if (!begun.ok) return say(`the sample changes are not made: ${begun.refusal.message}`);
    }
    if ((await sampleState(db)) !== "making") return;
    await this.#making;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#making = makeSampleChanges({ db, handlers, say, signal }).catch((error: unknown) => {
      if (!signal.aborted) say(`the sample changes are not made: ${String(error)}`);
    });
  }

  /** Resolves once nothing is being made here: all is made, or somebody else makes it, or it was stopped. */
  async over(): Promise<void> {
    await this.#making;
  }

  /** Stops making after the act in hand; the next `begin` carries on. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#making;
  }
}
