import type { Credential } from "../identity/credentials.ts";

export interface OpenStreamsOptions {
  /** Which of these would still be accepted. */
  readonly stillGood: (credentials: readonly Credential[]) => Promise<ReadonlySet<Credential>>;
  /** How often it is looked; five seconds when left out. */
  readonly lookMs?: number | undefined;
  readonly onError: (error: unknown) => void;
}

const LOOK_MS = 5000;

/** Live streams that end soon after what they were opened with is not good any more. One look serves all of them; without any there is none. */
export class OpenStreams {
  readonly #options: OpenStreamsOptions;
  readonly #open = new Map<Credential, AbortController>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(options: OpenStreamsOptions) {
    this.#options = options;
  }

  /** A signal that is aborted when the credential is not good any more; `ended` when the stream is over. */
  follow(credential: Credential, ended: AbortSignal): AbortSignal {
    const end = new AbortController();
    this.#open.set(credential, end);
    this.#timer ??= setInterval(() => void this.#look(), this.#options.lookMs ?? LOOK_MS);
    const forget = () => {
      this.#open.delete(credential);
      if (this.#open.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
    if (ended.aborted) forget();
    else ended.addEventListener("abort", forget, { once: true });
    return end.signal;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const asked = [...this.#open.keys()];
      const good = await this.#options.stillGood(asked);
      for (const credential of asked) if (!good.has(credential)) this.#open.get(credential)?.abort();
    } catch (error) {
      // Without the store nothing is told on the streams either; the next look decides.
      this.#options.onError(error);
    } finally {
      this.#looking = false;
    }
  }
}
