// Starts the command line: from the bundle that the set-up made where that is fresh, else from the sources. Compiled code is kept in the
// user's cache, main.ts included: reading TypeScript anew takes half of a short run.
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { BUNDLE, isFresh } from "./bundle.mjs";

const { env, argv } = process;
/** A server writes nothing outside its data folder, so only the short-lived commands keep anything; nor is its start worth a bundle. */
const short = !argv.some((word) => word === "serve" || word === "worker" || word === "demo");
if (short && !env.NODE_COMPILE_CACHE && !env.NODE_DISABLE_COMPILE_CACHE)
  enableCompileCache(join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "change-mgmt", "compiled"));

const bundled = short && env.CHANGE_MGMT_FROM_SOURCES !== "1" && isFresh(BUNDLE, argv.slice(2));
await import(bundled ? "../dist/main.js" : "./main.ts");
