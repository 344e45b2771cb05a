import pg from "pg";

/**
 * A connection whose statements do not wait for each other's answers: all that are asked in one turn of the event loop go out in one
 * write, where each would cost a way to the server and back.
 */
export class PipelinedClient extends pg.Client {
  #gathers = false;

  constructor(config?: string | pg.ClientConfig) {
    super({ ...(typeof config === "string" ? { connectionString: config } : config), pipeline: true });
  }

  override query(...given: unknown[]): never {
    this.#gather();
    return (super.query as (...all: unknown[]) => never)(...given);
  }

  #gather(): void {
    const { stream } = this.connection as unknown as { stream: { cork?(): void; uncork?(): void } };
    // The embedded database has no wire.
    if (this.#gathers || !stream.cork) return;
    this.#gathers = true;
    stream.cork();
    setImmediate(() => {
      this.#gathers = false;
      stream.uncork?.();
    });
  }
}
