import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newDataFolder, openedStore } from "../testing/stores.ts";

/** A process that keeps one key, finds the disk full while it keeps another, and then waits. */
const script = (dataDir: string) => `
  import { createRequire, syncBuiltinESMExports } from "node:module";
  import { openStore } from ${JSON.stringify(fileURLToPath(new URL("./store.ts", import.meta.url)))};
  const opened = await openStore(${JSON.stringify({ dataDir, owner: "a child" })});
  const keep = (key) => opened.value.pool.query("INSERT INTO change_mgmt.audit_keys (key_id, public_key) VALUES ($1, 'x')", [key]);
  await keep("before");
  const fs = createRequire(import.meta.url)("node:fs");
  fs.writeSync = () => {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC", errno: -28 });
  };
  syncBuiltinESMExports();
  setInterval(() => {}, 1000);
  await keep("on a full disk").then(() => console.log("kept"), (error) => console.log("refused"));`;

test("a process whose embedded database cannot go on ends and says why; the next one has what was answered as done", async () => {
  const { dataDir, remove } = await newDataFolder();
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script(dataDir)]);
  const said = { out: "", err: "" };
  child.stdout.on("data", (text) => (said.out += text));
  child.stderr.on("data", (text) => (said.err += text));
  const [code] = await once(child, "close");
  expect({ code, out: said.out.includes("kept") }).toEqual({ code: 1, out: false });
  expect(said.err).toMatch(
    /The embedded database in .* cannot go on: (PANIC|FATAL): .*\. .*See that the disk has room/,
  );
  const store = await openedStore({ dataDir, owner: "the next" });
  expect(store.takenOver).toBe(true);
  expect(await store.db.selectFrom("audit_keys").select("key_id").execute()).toEqual([{ key_id: "before" }]);
  await store.close();
  await remove();
});
