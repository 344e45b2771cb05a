// The task behind `npm test`: static checks, then every test; the last line is always `N passed, N failed` alone.
// Arguments go to vitest, so `npm test -- packages/domain` runs the tests of that folder only.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of vitest's JSON report that is counted. */
interface VitestReport {
  readonly testResults: readonly {
    readonly status: "passed" | "failed";
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const root = resolve(import.meta.dirname, "..");
const bin = (program: string) => join(root, "node_modules/.bin", program);
const passedOn = process.argv.slice(2);
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
/** Tests that passed, but not at once, with what they met first. */
const secondTries: string[] = [];
const reports = mkdtempSync(join(tmpdir(), "change-mgmt-test-"));
let running: ChildProcess | undefined;
let interrupted = false;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

try {
  await staticSection("lint and format", bin("biome"), ["check", "."]);
  await staticSection("types", process.execPath, [join(root, "scripts/typecheck.ts")]);
  sayMissingPackages();
  if (passedOn.length > 0) {
    await vitestSection("tests", passedOn);
  } else {
    // The threshold looks at the domain's own tests, so that a test of another package cannot hide a gap in them.
    await vitestSection("domain, with coverage", [
      "--project=domain",
      "--coverage",
      "--coverage.skipFull",
      "--coverage.reporter=text",
      "--coverage.reportOnFailure",
    ]);
    await vitestSection("packages and whole", ["--project=packages", "--project=whole"]);
    // By themselves, so that what a browser waits for is not held up by other tests.
    await vitestSection("browser", ["--project=browser"]);
  }
} catch (error) {
  fail(`the test task itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
} finally {
  rmSync(reports, { recursive: true, force: true });
}

if (secondTries.length > 0)
  process.stdout.write(`\npassed at the second try only:\n${secondTries.map((line) => `  ${line}\n`).join("")}`);
if (failures.length > 0) process.stdout.write(`\nfailed:\n${failures.map((line) => `  ${line}\n`).join("")}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** A section that is not made of tests; it counts as one. */
async function staticSection(title: string, command: string, args: readonly string[]): Promise<void> {
  const { code, ms } = await run(title, command, args);
  if (code === 0) total.passed += 1;
  else fail(`${title} (exit code ${code})`);
  end(title, code === 0, ms);
}

/** A section of tests, counted from vitest's own report; a failure that is no test's (coverage, a stray error) counts as one. */
async function vitestSection(title: string, args: readonly string[]): Promise<void> {
  const report = join(reports, `${title.replaceAll(/\W+/g, "-")}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { code, ms } = await run(title, bin("vitest"), ["run", ...reporters, ...args]);
  const counts = existsSync(report) ? count(JSON.parse(readFileSync(report, "utf8"))) : undefined;
  if (counts) {
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    if (counts.failed > 0) failures.push(`${title}: ${counts.failed}, listed above`);
  }
  if (code !== 0 && !counts?.failed) fail(`${title}: vitest ended with exit code ${code}; its messages are above`);
  end(title, code === 0, ms);
}

/** Counts tests; a file that fails outside its tests (it does not load, a hook throws) counts as one failure. */
function count(report: VitestReport): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const having = (status: string) => file.assertionResults.filter((test) => test.status === status).length;
    const failed = having("failed");
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      if (status === "passed" && failureMessages.length > 0)
        secondTries.push(`${fullName}: ${failureMessages[0]!.split("\n", 3).join(" ")}`);
    }
    counts.passed += having("passed");
    counts.failed += file.status === "failed" ? Math.max(failed, 1) : failed;
    counts.skipped += file.assertionResults.length - having("passed") - failed;
  }
  return counts;
}

/** Runs a command with its output streamed; `code` is non-zero also when it could not start or was ended by a signal. */
function run(title: string, command: string, args: readonly string[]): Promise<{ code: number; ms: number }> {
  if (interrupted) return Promise.resolve({ code: 130, ms: 0 });
  process.stdout.write(`\n── ${title} ──\n`);
  const start = performance.now();
  return new Promise((done, reject) => {
    running = spawn(command, args, { cwd: root, stdio: "inherit" });
    running.on("error", reject);
    running.on("close", (code, signal) => {
      done({ code: code ?? 128 + constants.signals[signal ?? "SIGTERM"], ms: performance.now() - start });
    });
  });
}

function end(title: string, passed: boolean, ms: number): void {
  process.stdout.write(`── ${title}: ${passed ? "ok" : "FAILED"} in ${(ms / 1000).toFixed(1)} s ──\n`);
}

function fail(line: string): void {
  total.failed += 1;
  failures.push(line);
}

/** Says which Debian package to install where a test will need its program and does not find it. */
function sayMissingPackages(): void {
  const asRoot = process.getuid?.() === 0;
  const needed = [
    {
      package: "passwd",
      program: "useradd",
      why: "the tests on a real Postgres, which run it as user postgres when started as root",
      needed: asRoot && spawnSync("id", ["postgres"]).status !== 0,
    },
  ];
  for (const { package: name, program, why } of needed.filter((entry) => entry.needed)) {
    const found = (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, program)));
    if (!found)
      process.stdout.write(`\nmissing: Debian package ${name} (${why}); install it with: apt-get install ${name}\n`);
  }
}
