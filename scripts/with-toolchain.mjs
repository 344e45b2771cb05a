#!/usr/bin/env node
// Brings Node 24 and pnpm through npm, installs from the lockfile, builds the pages and the bundle of the command line, and runs one task.
// Has no dependency, runs on any Node >= 20, and skips what an earlier run already did.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BUNDLE, isFresh } from "../packages/cli/src/bundle.mjs";

const NODE = "24.21.0";
const PNPM = "12.21.0";
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [task, ...rest] = process.argv.slice(2);
const script = { start: "packages/cli/src/main.ts", test: "scripts/test.ts" }[task];
if (!script) {
  console.error("usage: node scripts/with-toolchain.mjs start|test [arguments]");
  process.exit(2);
}
const taskArguments = task === "start" ? ["serve", ...rest] : rest;
const npx = process.platform === "win32" ? "npx.cmd" : "npx";
const say = (text) => process.stderr.write(`change-mgmt: ${text}\n`);

const lockfile = readFileSync(join(root, "pnpm-lock.yaml"));
const fingerprint = createHash("sha256").update(lockfile).update(NODE).digest("hex");
const stamp = join(root, "node_modules", ".change-mgmt-installed");
const installed = existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint;

function run(command, args, env = process.env) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", env });
  if (error) {
    say(`could not run ${command}: ${error.message}`);
    process.exit(3);
  }
  if (signal) process.exit(130);
  return status ?? 3;
}

if (!installed) {
  say(
    `setting up: Node ${NODE} and pnpm ${PNPM} through npm, then the dependencies of pnpm-lock.yaml (once; takes up to a minute)`,
  );
  const packages = Number(process.versions.node.split(".")[0]) >= 24 ? [] : ["-p", `node@${NODE}`];
  const status = run(npx, [
    "-y",
    ...packages,
    "-p",
    `pnpm@${PNPM}`,
    "-c",
    "pnpm install --frozen-lockfile --prefer-offline --reporter=append-only",
  ]);
  if (status !== 0) {
    say(
      "the installation failed; its messages are above. Check that the npm registry can be reached, then run the same command again.",
    );
    process.exit(3);
  }
  writeFileSync(stamp, fingerprint);
  say("set-up done");
}

const node = findNode();
const runNode = (...args) => (node ? run(node, args) : run(npx, ["-y", "-p", `node@${NODE}`, "node", ...args]));

const pages = join(root, "packages", "web");
const built = join(pages, "dist", ".built-from");
const sources = fingerprintOf([pages, join(root, "packages", "api", "src"), join(root, "packages", "domain", "src")]);
if (!existsSync(built) || readFileSync(built, "utf8") !== sources) {
  say("building the pages (again only when they change; takes about 5 seconds)");
  const status = runNode(join(pages, "node_modules", "vite", "bin", "vite.js"), "build", pages, "--logLevel", "error");
  if (status !== 0) {
    say("the pages could not be built; the messages are above.");
    process.exit(3);
  }
  writeFileSync(built, sources);
}

if (!isFresh(BUNDLE, []) && runNode(join(root, "scripts", "bundle-cli.ts")) !== 0)
  say("the command line could not be bundled; bin/change-mgmt runs its sources instead, which takes a little longer.");

process.exit(runNode(join(root, script), ...taskArguments));

/** A hash of the lockfile and of every file below some folders; of tests, dependencies and earlier builds nothing. */
function fingerprintOf(folders) {
  const hash = createHash("sha256").update(fingerprint);
  for (const folder of folders) {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((path) => !/[\\/](?:node_modules|dist)[\\/]/.test(path.slice(folder.length)))
      .sort();
    for (const name of names) hash.update(`${name.slice(root.length)}\0`).update(readFileSync(name));
  }
  return hash.digest("hex");
}

/** The path of a Node of the right version: the one running, or the one installed beside the dependencies; else undefined. */
function findNode() {
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  const path = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  return existsSync(path) ? path : undefined;
}
