import { isTest, type PackageFile, targetOf, type Violation } from "./tree.ts";

/** Which packages a package may import; `cli` may import `server` under commands/local/ alone. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  analysis: ["domain"],
  api: ["domain"],
  server: ["domain", "analysis", "api"],
  cli: ["domain", "analysis", "api"],
  web: ["domain", "api"],
};

const PURE_LIBRARIES = ["@noble/hashes"];
const TEST_LIBRARIES = ["vitest", "fast-check"];

/** The floors of `server` from the ground up; rooms on one floor are separate rooms. */
const FLOORS: readonly (readonly string[])[] = [
  ["storage"],
  ["audit", "outbox", "identity"],
  ["commands"],
  ["assets", "evidence"],
  ["artifacts"],
  ["lifecycle", "notifications"],
  ["integrations"],
  ["http", "worker"],
  ["installation"],
  ["main.ts"],
];
const FLOORS_IN_WORDS = FLOORS.map((floor) => floor.join(", ")).join(" < ");

/** The rooms of `lifecycle` in the order of a change's life. */
const LIFE = ["requests", "assessment", "approval", "implementation", "deployment", "monitoring", "reporting"];

/** Who imports whom among the packages. */
export function packageRules(file: PackageFile): readonly Violation[] {
  const allowed = MAY_IMPORT[file.package];
  if (!allowed) {
    return [
      {
        file: file.path,
        message: `packages/${file.package} is no package of the house (${Object.keys(MAY_IMPORT).join(", ")}); put the file into one of them, or add the package to house, README and this rule with a decision record.`,
      },
    ];
  }
  return file.imports.flatMap(({ specifier, line }) => {
    const target = targetOf(file, specifier);
    if (!target || target.package === file.package) return [];
    const at = { file: file.path, line };
    if (specifier.startsWith(".")) {
      return [
        { ...at, message: `"${specifier}" leaves its package; write @change-mgmt/${target.package}/${target.inside}.` },
      ];
    }
    if (allowed.includes(target.package)) return [];
    if (file.package === "cli" && target.package === "server") {
      if (file.inside.startsWith("commands/local/")) return [];
      return [
        {
          ...at,
          message: `the CLI imports server only under commands/local/ (serve, worker, demo, backup, mcp); reach the server through the typed client of @change-mgmt/api, and put a test that needs a running server into test/acceptance/.`,
        },
      ];
    }
    return [
      {
        ...at,
        message: `${file.package} may import ${allowed.join(", ") || "no other package"}, not ${target.package}; move what both need down into one of those, or hand it in as a plain value or a port.`,
      },
    ];
  });
}

/** What keeps `domain` pure, and its verifier independent of the writer. */
export function domainRules(file: PackageFile): readonly Violation[] {
  if (file.package !== "domain") return [];
  const libraries = file.isTest ? [...PURE_LIBRARIES, ...TEST_LIBRARIES] : PURE_LIBRARIES;
  const found: Violation[] = [];
  for (const { specifier, line } of file.imports) {
    const at = { file: file.path, line };
    const target = targetOf(file, specifier);
    if (specifier.startsWith("node:")) {
      if (!file.isTest) {
        found.push({
          ...at,
          message: `domain has no I/O, so no ${specifier}; let the caller read it and hand in plain values.`,
        });
      }
    } else if (!target && !specifier.startsWith(".") && !libraries.some((name) => within(specifier, name))) {
      found.push({
        ...at,
        message: `domain imports only ${PURE_LIBRARIES.join(", ")}, not ${specifier}; write it in plain TypeScript, do it outside, or add a pure library to the allow-list with a decision record.`,
      });
    }
    if (file.inside.startsWith("verify/") && !file.isTest && target?.inside.startsWith("audit/")) {
      found.push({
        ...at,
        message: `the verifier imports nothing from audit/, so that a fault of the writer cannot hide itself; write it a second time in verify/.`,
      });
    }
  }
  const impure =
    /\b(?:Date\.now\s*\(|Math\.random\s*\(|new\s+Date\s*(?:\(\s*\)|[;,)])|performance\.now\s*\(|crypto\.(?:randomUUID|getRandomValues)\s*\()/g;
  for (const match of file.source.bare.matchAll(impure)) {
    found.push({
      file: file.path,
      line: file.source.bare.slice(0, match.index).split("\n").length,
      message: `domain knows no clock and no chance, so no ${match[0].replaceAll(/[;,]/g, "")}…; take \`now\` (RFC 3339) or the id as an argument.`,
    });
  }
  return found;
}

/** The floors inside `server`. */
export function floorRules(file: PackageFile): readonly Violation[] {
  if (file.package !== "server" || file.isTest) return [];
  const own = roomOf(file.inside);
  if (!own) {
    return [
      {
        file: file.path,
        message: `server has no room for ${file.inside}; its rooms are ${FLOORS_IN_WORDS}. Put the file into the room whose stage of a change's life it serves.`,
      },
    ];
  }
  return file.imports.flatMap(({ specifier, line }) => {
    const target = targetOf(file, specifier);
    if (target?.package !== "server") return [];
    const at = { file: file.path, line };
    if (isTest(target.inside)) {
      return [
        { ...at, message: `${target.inside} is for tests only; move what the product needs into a room of its own.` },
      ];
    }
    const other = roomOf(target.inside);
    if (!other || own.name === other.name) return [];
    if (other.floor < own.floor) return [];
    if (own.life !== undefined && other.life !== undefined) {
      if (other.life < own.life) return [];
      return [
        {
          ...at,
          message: `${own.name} comes before ${other.name} in a change's life: a room reads earlier rooms and reaches later ones only by event. Return an event from the command and let ${other.name} handle it (handlers.ts).`,
        },
      ];
    }
    return [
      {
        ...at,
        message: `${own.name} may not import ${other.name} (${FLOORS_IN_WORDS}): a file imports its own room or a lower floor. Take what you need as a port or as \`step\` and \`tx\`, speak by event, or move it to a lower floor.`,
      },
    ];
  });
}

interface Room {
  readonly name: string;
  readonly floor: number;
  /** Place in a change's life; files directly in lifecycle/ come after all of its rooms, since they only gather them. */
  readonly life?: number;
}

function roomOf(inside: string): Room | undefined {
  const [first = "", second = ""] = inside.split("/");
  const floor = FLOORS.findIndex((rooms) => rooms.includes(first));
  if (floor === -1) return undefined;
  if (first !== "lifecycle") return { name: first, floor };
  if (second.endsWith(".ts")) return { name: first, floor, life: LIFE.length };
  const life = LIFE.indexOf(second);
  return life === -1 ? undefined : { name: `lifecycle/${second}`, floor, life };
}

function within(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`);
}
