import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** Path of a Chromium: the one that CHROMIUM names, or else one found on this machine. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), MAC].find(existsSync);
}

/** Sees that there is a Chromium before the browser tests begin: as root on Debian it is installed, elsewhere a line says what to do. */
export default function setup(): void {
  if (findChromium()) return;
  if (process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0) {
    process.stdout.write("installing Debian's chromium for the browser tests (once)\n");
    const quiet = { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
    spawnSync("apt-get", ["update", "-qq"], quiet);
    const installed = spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet);
    if (installed.status === 0 && findChromium()) return;
    process.stdout.write(`${installed.stdout}${installed.stderr}\n`);
  }
  throw new Error(
    "The browser tests need Chromium: install it (on Debian: apt-get install chromium) or name it by CHROMIUM=/path/to/chromium.",
  );
}
