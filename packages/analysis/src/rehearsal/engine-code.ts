import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { DEFAULT_MAJOR, type EmbeddedMajor, ENGINE_PACKAGES } from "./embedded-majors.ts";

// Node has it, its types have not.
declare const WebAssembly: { compile(program: Uint8Array): Promise<object> };

const PROGRAM: Readonly<Record<EmbeddedMajor, string>> = { 16: "postgres.wasm", 17: "pglite.wasm", 18: "pglite.wasm" };
const held = new Map<EmbeddedMajor, Promise<object>>();

/**
 * Lets WebAssembly that is loaded from now on run as its first, quick compilation leaves it: compiling it again for speed takes most of a
 * short run. It holds for the whole process.
 */
export function compileQuickly(): void {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
}

/**
 * Holds the compiled program of an embedded engine for as long as this process lives. While somebody holds it, whatever opens the
 * engine in this process, in any of its threads, takes the machine code that is there already, which halves what a rehearsal costs.
 */
export async function holdEngineCode(major: EmbeddedMajor = DEFAULT_MAJOR): Promise<void> {
  let code = held.get(major);
  if (!code) {
    code = compiled(major);
    held.set(major, code);
  }
  await code;
}

async function compiled(major: EmbeddedMajor): Promise<object> {
  const entry = createRequire(import.meta.url).resolve(ENGINE_PACKAGES[major]);
  return await WebAssembly.compile(await readFile(join(dirname(entry), PROGRAM[major])));
}
