// Starts the command line with its compiled code kept in the user's cache, main.ts included: reading TypeScript anew takes half of a short run.
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

const { env, argv } = process;
/** A server writes nothing outside its data folder, so only the short-lived commands keep anything. */
const cached = !argv.some((word) => word === "serve" || word === "worker" || word === "demo");
if (cached && !env.NODE_COMPILE_CACHE && !env.NODE_DISABLE_COMPILE_CACHE)
  enableCompileCache(join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "change-mgmt", "compiled"));

await import("./main.ts");
