import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../../..");
const CACHE = join(ROOT, "node_modules/.cache/change-mgmt");
/** For `NODE_COMPILE_CACHE` of what tests start: of a start from the sources, a third of the processor's time is stripping types and compiling. */
export const COMPILED = join(ROOT, "node_modules/.cache/compiled");

/** A data folder of its own below the system's temporary folder; what can be made once for all, such as the template database, is shared. */
export function dataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "change-mgmt-acceptance-"));
  mkdirSync(CACHE, { recursive: true });
  symlinkSync(CACHE, join(path, "cache"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
