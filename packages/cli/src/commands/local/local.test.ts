import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { refuse } from "@change-mgmt/domain/change/refusal.ts";
import { describe, expect, test } from "vitest";
import { startFakeServer } from "../../testing/fake-server.ts";
import { freshFolder, runLine } from "../../testing/run-line.ts";
import { startedOr } from "./could-not-start.ts";
import { portOf, storePlace } from "./local-options.ts";

describe("where the store is", () => {
  test("the option wins over CHANGE_MGMT_DATA, which wins over .change-mgmt in the working folder", () => {
    const env = { CHANGE_MGMT_DATA: "from-env" };
    expect(storePlace({ env, cwd: "/w" }, "typed")).toEqual({ dataDir: "/w/typed" });
    expect(storePlace({ env, cwd: "/w" }, undefined)).toEqual({ dataDir: "/w/from-env" });
    expect(storePlace({ env: {}, cwd: "/w" }, undefined)).toEqual({ dataDir: "/w/.change-mgmt" });
  });

  test("DATABASE_URL is a Postgres, and its text is never repeated", async () => {
    const databaseUrl = "postgres://u:p@h/db";
    expect(storePlace({ env: { DATABASE_URL: databaseUrl }, cwd: "/w" }, undefined)).toMatchObject({ databaseUrl });
    const said = await runLine(["serve"], { env: { DATABASE_URL: "mysql://u:secret@h" } });
    expect(said.code).toBe(2);
    expect(said.stderr).toContain("DATABASE_URL is not the address of a Postgres.");
    expect(said.stderr).not.toContain("secret");
  });

  test("the port is the option, else PORT, else 7070", () => {
    expect([portOf({ PORT: "1" }, 2), portOf({ PORT: "1" }, undefined), portOf({}, undefined)]).toEqual([2, 1, 7070]);
  });
});

test.each([
  [["serve"], { PORT: "many" }, 2, "PORT=many is not a port."],
  [["serve", "--port=65536"], {}, 2, "--port=65536 is not a whole number from 0 to 65535."],
  [["worker"], {}, 2, "A worker needs DATABASE_URL."],
  [["restore", "none.gz"], {}, 3, "none.gz cannot be read: there is no such file."],
])("%j with %j is refused before anything is opened", async (argv, env, code, sentence) => {
  const cwd = freshFolder();
  const said = await runLine(argv, { env: env as Record<string, string>, cwd });
  expect(said.code).toBe(code);
  expect(said.stderr).toContain(sentence);
  expect(readdirSync(cwd)).toEqual([]);
});

describe("what keeps a server from starting is exit code 3", () => {
  test("a port in use, with the way out", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const second = new Promise<never>((_, reject) => createServer().once("error", reject).listen(port, "127.0.0.1"));
    const stop = await startedOr(second, port).catch((error) => error);
    taken.close();
    expect(stop).toMatchObject({
      exit: 3,
      trouble: { code: "PORT_IN_USE", detail: expect.stringContaining(String(port)) },
    });
  });

  test("a refusal of the server, in its own words", async () => {
    const refusal = refuse("STORE_IN_USE", "The server with pid 12 uses it.", "Stop it first.");
    await expect(startedOr(Promise.resolve(refusal))).rejects.toMatchObject({
      exit: 3,
      trouble: { code: "STORE_IN_USE", detail: "The server with pid 12 uses it.", hint: "Stop it first." },
    });
  });

  test("a defect stays a defect", async () => {
    await expect(startedOr(Promise.reject(new RangeError("odd")))).rejects.toBeInstanceOf(RangeError);
  });
});

describe("backup from a server", () => {
  const bytes = Buffer.from("1f8b08000000", "hex");

  test("writes a file that only its owner may read, under a name with the time when none is given", async () => {
    const server = await startFakeServer({ backup: () => bytes });
    const cwd = freshFolder();
    const [named, unnamed] = [
      await runLine(["backup", "here.gz", "--json"], { server: server.address, cwd }),
      await runLine(["backup", "--server", server.address], { cwd }),
    ];
    await server.close();
    expect(server.violations).toEqual([]);
    expect(named.json()).toEqual({ ok: true, file: "here.gz", from: server.address, bytes: 6 });
    expect(unnamed.code).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual(["change-mgmt-2026-11-21T120000.jsonl.gz", "here.gz"]);
    expect(readFileSync(join(cwd, "here.gz"))).toEqual(bytes);
  });

  test("keeps the earlier file when the server is not there", async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, "here.gz"), "earlier");
    mkdirSync(join(cwd, ".change-mgmt"));
    const said = await runLine(["backup", "here.gz", "--server=127.0.0.1:9"], { cwd });
    expect(said.code).toBe(3);
    expect(readFileSync(join(cwd, "here.gz"), "utf8")).toBe("earlier");
    expect(existsSync(join(cwd, ".here.gz.partial"))).toBe(false);
  });
});
