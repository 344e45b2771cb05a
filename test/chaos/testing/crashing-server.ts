// A server that kills itself at a named crossing, as a machine that loses its power would. Started by trials only.
import { appendFileSync } from "node:fs";
import { startServer } from "@change-mgmt/server/main.ts";
import { watchCrossings } from "@change-mgmt/server/storage/crossing.ts";

const { CRASH_AT, CRASH_LOG, CHANGE_MGMT_DATA, DATABASE_URL, PORT } = process.env;
const counts = new Map<string, number>();

watchCrossings((name, side) => {
  const point = `${name}:${side}`;
  const count = (counts.get(point) ?? 0) + 1;
  counts.set(point, count);
  if (CRASH_LOG) appendFileSync(CRASH_LOG, `${point}#${count}\n`);
  if (`${point}#${count}` === CRASH_AT) process.kill(process.pid, "SIGKILL");
});

const started = await startServer({
  dataDir: CHANGE_MGMT_DATA!,
  ...(DATABASE_URL ? { databaseUrl: DATABASE_URL } : {}),
  env: process.env,
  say: (line) => process.stderr.write(`${line}\n`),
  host: "127.0.0.1",
  port: Number(PORT),
  demo: false,
});
if (!started.ok) throw new Error(started.refusal.message);
process.stdout.write(`${started.value.address}\n`);
process.once("SIGTERM", () => {
  started.value.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
