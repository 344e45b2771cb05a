export interface Rhythm {
  /** Without being woken it looks again after this long. */
  readonly pauseMs: number;
  /** However often it is woken, it begins no sooner than this after it last began: what comes in between is done in one go. */
  readonly restMs?: number;
}

/** Runs work again and again until it is stopped: when woken, otherwise after a pause. An error is said and does not end it. */
export class Repeat {
  readonly #work: () => Promise<number>;
  readonly #rhythm: Rhythm;
  readonly #say: (line: string) => void;
  #stopped = false;
  #woken = false;
  #wake: () => void = () => {};
  #stop: () => void = () => {};
  readonly #running: Promise<void>;

  /** `work` answers how much it did; while it does anything it is run again without a pause. */
  constructor(name: string, rhythm: Rhythm, work: () => Promise<number>, say: (line: string) => void) {
    this.#work = work;
    this.#rhythm = rhythm;
    this.#say = (line) => say(`${name}: ${line}`);
    this.#running = this.#run();
  }

  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    this.#stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { pauseMs, restMs = 0 } = this.#rhythm;
    while (!this.#stopped) {
      this.#woken = false;
      const begun = performance.now();
      let done = 0;
      try {
        done = await this.#work();
      } catch (error) {
        this.#say((error as Error).message);
      }
      if (done > 0 || this.#stopped) continue;
      if (!this.#woken) await new Promise<void>((resolve) => (this.#wake = after(pauseMs, resolve)));
      const rest = begun + restMs - performance.now();
      if (rest > 0 && !this.#stopped) await new Promise<void>((resolve) => (this.#stop = after(rest, resolve)));
    }
  }
}

/** Calls back after so long, or when the answer is called before. */
function after(ms: number, callBack: () => void): () => void {
  const timer = setTimeout(callBack, ms);
  return () => {
    clearTimeout(timer);
    callBack();
  };
}
