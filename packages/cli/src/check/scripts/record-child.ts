// Runs migrations that are written in TypeScript or JavaScript, in a process that may neither write files nor start programs, and prints what they say.
import { pathToFileURL } from "node:url";
import type { RecordedPart, RecordedScript, RecordingTask } from "@change-mgmt/analysis/check/recorded.ts";
import { loadAsToolsDo } from "./loading.ts";
import { RECORDERS, type Script } from "./recorders.ts";

const MOST_STATEMENTS = 10_000;
const TRANSACTION = /^\s*(?:begin|commit|rollback|start\s+transaction)\b[^;]*;?\s*$/i;
const print = process.stdout.write.bind(process.stdout);
// What a migration prints for people is not what it says to the database.
for (const name of ["log", "info", "debug", "warn", "error"] as const) console[name] = () => undefined;

loadAsToolsDo();
const task = JSON.parse(process.argv[2]!) as RecordingTask;
const record = RECORDERS[task.tool]!;

for (const file of task.files) print(`${JSON.stringify(await recorded(file))}\n`);
process.exit(0);

async function recorded(file: string): Promise<RecordedScript> {
  let script: Script;
  try {
    const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    const inner = module.default as Record<string, unknown> | undefined;
    script = { file, exports: typeof module.up === "function" || !inner ? module : inner };
  } catch (error) {
    return { file, up: { why: `it cannot be loaded: ${firstLine(error)}` }, down: null, transactional: true };
  }
  const { exports } = script;
  if (typeof exports.up !== "function")
    return { file, up: { why: "it exports no up" }, down: null, transactional: true };
  const config = exports.config as { transaction?: boolean } | undefined;
  return {
    file,
    up: await part(script, "up"),
    down: await wayBack(script),
    transactional: config?.transaction !== false && !/\bpgm\.noTransaction\(/.test(String(exports.up)),
  };
}

/** node-pg-migrate turns the way there around where nothing else is said and it can. */
async function wayBack(script: Script): Promise<RecordedPart | null> {
  const { down } = script.exports;
  if (typeof down === "function") return part(script, "down");
  if (task.tool !== "node-pg-migrate" || down === false) return null;
  const turned = await part(script, "down");
  return "why" in turned ? null : turned;
}

async function part(script: Script, direction: "up" | "down"): Promise<RecordedPart> {
  const sql: string[] = [];
  try {
    await record(script, direction, (statement) => {
      if (sql.length === MOST_STATEMENTS) throw new Error(`it says more than ${MOST_STATEMENTS} statements`);
      if (!TRANSACTION.test(statement)) sql.push(statement);
    });
    return { sql };
  } catch (error) {
    return { why: firstLine(error) };
  }
}

function firstLine(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND")
    return `a module is not installed here: ${String(message).split("\n")[0]}`;
  return String(message ?? error).split("\n")[0]!;
}
