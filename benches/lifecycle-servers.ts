import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { ROOT } from "../test/acceptance/testing/folder.ts";
import { addSamplePeople, clientOf, newAdminToken } from "../test/acceptance/testing/people.ts";
import { makeTokens, Tokens } from "./lifecycle-walk.ts";

const CONFIGURATION = `workspace: bench
process: data-layer
teams:
  - name: data-platform
    title: Data platform
  - name: architecture
    title: Architecture
  - name: web
    title: Web
  - name: bots
    title: Bots
components:
  - name: data-layer
    path: data-layer
    team: data-platform
environments:
  - name: production
    database: \${PRODUCTION_DATABASE_URL}
`;

/** Processes that serve one workspace on a Postgres, started one by one. */
export class Servers {
  readonly databaseUrl: string;
  readonly addresses: string[] = [];
  readonly children: ChildProcess[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "change-mgmt-bench-"));
  readonly adminToken: string = newAdminToken();

  constructor(databaseUrl: string) {
    this.databaseUrl = databaseUrl;
  }

  /** One process more; `node` are flags for Node.js itself. */
  async add(node: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const port = await freePort();
    const main = join(ROOT, "packages/cli/src/main.ts");
    const child = spawn(process.execPath, [...node, main, "serve", `--port=${port}`, "--json", "--no-demo"], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATABASE_URL: this.databaseUrl,
        PRODUCTION_DATABASE_URL: this.databaseUrl,
        CHANGE_MGMT_DATA: this.#folder,
        CHANGE_MGMT_ADMIN_TOKEN: this.adminToken,
        ...env,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    process.once("exit", () => child.kill("SIGKILL"));
    const said = Promise.withResolvers<void>();
    child.stdout.on("data", (chunk) => {
      if (String(chunk).includes('"address"')) said.resolve();
    });
    child.once("exit", (code) => said.reject(new Error(`a server ended with ${code}`)));
    await said.promise;
    const address = `http://127.0.0.1:${port}`;
    this.addresses.push(address);
    this.children.push(child);
    return address;
  }

  /** Puts the configuration of the bench in force, adds the people of the sample, and so many tokens for each of them. */
  async settle(tokens: number): Promise<Tokens> {
    const admin = clientOf(this.addresses[0]!, this.adminToken);
    await admin("config.import", { body: { text: CONFIGURATION, history: [] } });
    await addSamplePeople(admin);
    return new Tokens(await withClient(this.databaseUrl, (client) => makeTokens(client, tokens)));
  }

  async stop(): Promise<void> {
    for (const child of this.children) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
