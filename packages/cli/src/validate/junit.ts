import type { CheckFinding } from "@change-mgmt/analysis/check/report.ts";
import { xml } from "../check/formats/junit.ts";
import { sentence } from "../check/formats/sentence.ts";
import type { Validation } from "./validation.ts";

interface Case {
  readonly group: string;
  readonly name: string;
  readonly file: string;
  readonly failures: readonly (readonly [string, CheckFinding])[];
}

/** The validation as JUnit XML: a case for each method of each backend, each route, each call and each migration; what stands by itself is a case of its own. */
export function validationJunit(validation: Validation): string {
  const cases = casesOf(validation);
  const failures = cases.filter((one) => one.failures.length > 0).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  const lines = cases.map(testCase).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="change-mgmt validate" ${counts}>\n${lines}  </testsuite>\n</testsuites>\n`;
}

function casesOf({ files, methods, routes, calls, migrations }: Validation): Case[] {
  const errors = files.flatMap(({ path, findings }) =>
    findings.filter(({ severity }) => severity === "error").map((finding) => [path, finding] as const),
  );
  const told = new Set<CheckFinding>();
  const at = (rules: readonly string[], place: { file: string; line: number; column: number }, words = "") => {
    const found = errors.filter(
      ([path, { rule, line, column, message }]) =>
        rules.includes(rule) &&
        path === place.file &&
        line === place.line &&
        column === place.column &&
        message.includes(words),
    );
    for (const [, finding] of found) told.add(finding);
    return found;
  };
  const named: Case[] = [
    ...methods.map(({ backend, interface: one, method, place }) => {
      const words = `${one}.${method} is `;
      return {
        group: backend,
        name: `${one}.${method}`,
        file: place.file,
        failures: at(["method-missing", "method-stub"], place, words),
      };
    }),
    ...routes.map(({ route, place }) => ({
      group: "routes",
      name: route,
      file: place.file,
      failures: at(["route-without-client"], place, route),
    })),
    ...calls.map(({ by, call, place }) => ({
      group: "calls",
      name: `${by} ${call}`,
      file: place.file,
      failures: at(["call-without-route"], place),
    })),
  ];
  const alone = errors
    .filter(([, finding]) => !told.has(finding))
    .map(
      ([path, finding]): Case => ({
        group: finding.rule,
        name: `${path}:${finding.line}`,
        file: path,
        failures: [[path, finding]],
      }),
    );
  return [...named, ...alone, ...migrationCases(migrations)];
}

function migrationCases(migrations: Validation["migrations"]): Case[] {
  return (migrations?.files ?? []).map(({ path, findings, rehearsal: { up } }) => {
    const errors = findings.filter(({ severity }) => severity === "error").map((finding) => [path, finding] as const);
    const message = `It fails: ${up.reason}.`;
    const fails = {
      rule: "up-fails",
      severity: "error",
      breaking: false,
      part: "up",
      line: up.line ?? 1,
      column: 1,
      message,
      hint: "",
      fingerprint: "",
    } as const;
    const failures = errors.length === 0 && up.outcome === "fails" ? [[path, fails] as const] : errors;
    return { group: "migrations", name: path, file: path, failures };
  });
}

function testCase({ group, name, file, failures }: Case): string {
  const head = `    <testcase classname="${xml(group)}" name="${xml(name)}" file="${xml(file)}"`;
  const [first] = failures;
  if (!first) return `${head}/>\n`;
  const said = failures.map(
    ([path, finding]) => `${path}:${finding.line}:${finding.column}: ${finding.rule}: ${sentence(finding)}`,
  );
  const [, { rule, message }] = first;
  return `${head}>\n      <failure type="${xml(rule)}" message="${xml(message)}">${xml(said.join("\n"))}</failure>\n    </testcase>\n`;
}
