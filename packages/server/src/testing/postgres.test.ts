import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startPostgres, withClient } from "./postgres.ts";

test("a real Postgres answers, gives out databases, and is gone after stop", async () => {
  const postgres = await startPostgres({});
  const one = await postgres.newDatabase();
  const two = await postgres.newDatabase("named");
  const pid = await withClient(postgres.url, async (client) => {
    const { rows } = await client.query("select pg_read_file('postmaster.pid') as file");
    return Number(String(rows[0].file).split("\n")[0]);
  });
  const names = await Promise.all(
    [one, two].map((url) =>
      withClient(url, async (client) => String((await client.query("select current_database() as name")).rows[0].name)),
    ),
  );
  expect(names[0]).toMatch(/^test_/);
  expect(names[1]).toBe("named");
  expect(alive(pid)).toBe(true);
  await postgres.stop();
  expect(alive(pid)).toBe(false);
});

test("no Postgres is left behind when the process that started it is killed", async () => {
  const here = fileURLToPath(new URL("./postgres.ts", import.meta.url));
  const script = `
    import { startPostgres, withClient } from ${JSON.stringify(here)};
    const postgres = await startPostgres({});
    const pid = await withClient(postgres.url, async (c) =>
      String((await c.query("select pg_read_file('postmaster.pid') as f")).rows[0].f).split("\\n")[0]);
    console.log(pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = Number(await firstLine(child));
  expect(alive(pid)).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  await expect.poll(() => alive(pid), { timeout: 20_000 }).toBe(false);
});

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout!) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0]!;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
