/** Runs work again and again until it is stopped: at once when woken, otherwise after a pause. An error is said and does not end it. */
export class Repeat {
  readonly #work: () => Promise<number>;
  readonly #pauseMs: number;
  readonly #say: (line: string) => void;
  #stopped = false;
  #woken = false;
  #wake: () => void = () => {};
  readonly #running: Promise<void>;

  /** `work` answers how much it did; while it does anything it is run again without a pause. */
  constructor(name: string, pauseMs: number, work: () => Promise<number>, say: (line: string) => void) {
    this.#work = work;
    this.#pauseMs = pauseMs;
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
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      let done = 0;
      try {
        done = await this.#work();
      } catch (error) {
        this.#say((error as Error).message);
      }
      if (done > 0 || this.#woken || this.#stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#pauseMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
