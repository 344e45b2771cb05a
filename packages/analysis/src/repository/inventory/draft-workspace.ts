import { readCalls } from "../clients/read-calls.ts";
import { type CodeBase, openCodeBase } from "../code-base.ts";
import type { Backend } from "../implementations/backends.ts";
import { readImplementations } from "../implementations/read-implementations.ts";
import { folderOf } from "../packages.ts";
import type { RepositoryReader } from "../reader.ts";
import { readRoutes } from "../routes/read-routes.ts";
import { type OwnerRule, ownerOf, readCodeOwners } from "./code-owners.ts";
import { type FoundComponent, findComponents, wordOf } from "./find-components.ts";

/** What of a repository only its folders show. */
export interface Surroundings {
  /** What the repository is called, such as its folder. */
  readonly name: string;
  /** Folders in which a board lies; empty for the root. */
  readonly boards: readonly string[];
  /** The CODEOWNERS file; null where there is none. */
  readonly owners: { readonly file: string; readonly text: string } | null;
  readonly migrations: readonly {
    readonly tool: string;
    readonly folder: string;
    readonly count: number;
    readonly foreign: string | null;
  }[];
  /** Variables with addresses of databases that its sample settings name, with their file. */
  readonly databases: readonly { readonly variable: string; readonly file: string }[];
  /** Major version of Postgres that its settings name; null where none does. */
  readonly postgres: number | null;
}

/** A change-mgmt.yaml that says what was found, and in sentences what was found and what was not recognised. */
export interface WorkspaceDraft {
  readonly text: string;
  readonly found: readonly string[];
  readonly unrecognised: readonly string[];
}

const UNOWNED = "unowned";

/** Drafts the change-mgmt.yaml of a repository. Everything that was found is written there, as a setting or as a comment that becomes one. */
export function draftWorkspace(reader: RepositoryReader, around: Surroundings): WorkspaceDraft {
  const code = openCodeBase(reader);
  const owners = around.owners === null ? { rules: [], unread: [] } : readCodeOwners(around.owners.text);
  const components = findComponents(code, around.boards, around.name).map((one) => ({
    ...one,
    team: teamOf(one, owners.rules),
  }));
  const teams = [...new Set(components.map(({ team }) => team))].sort();
  const layer = dataLayer(code);
  const text = [
    ...header(around),
    ...teamLines(teams, around.owners?.file ?? null),
    ...componentLines(components),
    ...environmentLines(around.databases),
    ...checkLines(around.migrations),
    ...layer.lines,
  ].join("\n");
  const unowned = components.filter(({ team }) => team === UNOWNED).map(({ path }) => path);
  return {
    text: `${text}\n`,
    found: [
      counted(
        components.length,
        "component",
        "components",
        components.map(({ name }) => name),
      ),
      counted(
        teams.filter((team) => team !== UNOWNED).length,
        "team",
        "teams",
        teams.filter((team) => team !== UNOWNED),
      ),
      counted(
        around.boards.length,
        "board",
        "boards",
        around.boards.map((board) => board || "."),
      ),
      ...around.migrations.map(({ tool, folder, count }) => `${count} ${tool} migrations in ${folder}`),
      ...layer.found,
    ],
    unrecognised: [
      ...(around.owners === null ? ["There is no CODEOWNERS file, so nobody owns anything."] : []),
      ...owners.unread.map((line) => `${around.owners!.file}:${line} names no owner that can be read.`),
      ...(around.owners !== null && unowned.length > 0
        ? [`${around.owners.file} names no owner of ${unowned.join(", ")}.`]
        : []),
      ...around.migrations.flatMap(({ folder, foreign }) =>
        foreign === null ? [] : [`${folder} is for ${foreign} and was left out.`],
      ),
      ...(around.migrations.length === 0 ? ["No migrations were found."] : []),
      ...foreignFolders(reader),
      ...layer.unrecognised,
      ...code.sources.troubles.map(({ message }) => message),
    ],
  };
}

function counted(count: number, one: string, many: string, names: readonly string[]): string {
  return count === 0 ? `no ${many}` : `${count} ${count === 1 ? one : many}: ${names.join(", ")}`;
}

function teamOf({ path }: FoundComponent, rules: readonly OwnerRule[]): string {
  const owner = ownerOf(rules, path === "." ? "" : path);
  return owner === null ? UNOWNED : wordOf(owner);
}

function header({ name, postgres }: Surroundings): string[] {
  return [
    "# What change management knows of this repository, as it was found. Whatever is wrong here is changed here; what stands behind # is how",
    "# it would be said. Databases are named by reference, never by address.",
    `workspace: ${JSON.stringify(wordOf(name))}`,
    "process: data-layer",
    ...(postgres === null ? ["# postgres: 17   # major version that the databases run"] : [`postgres: ${postgres}`]),
    "",
  ];
}

function teamLines(teams: readonly string[], file: string | null): string[] {
  const from = file === null ? "# Nobody was found who owns anything: there is no CODEOWNERS file." : `# From ${file}.`;
  const title = (team: string) => `${team.charAt(0).toUpperCase()}${team.slice(1)}`.replace(/[._-]+/g, " ");
  return [
    from,
    "teams:",
    ...teams.map((team) => `  - { name: ${JSON.stringify(team)}, title: ${JSON.stringify(title(team))} }`),
    "",
  ];
}

function componentLines(components: readonly (FoundComponent & { readonly team: string })[]): string[] {
  return [
    "# Packages of the workspace, and folders with a board, which take in the packages below them.",
    "components:",
    ...components.flatMap(({ name, path, team, board }) => [
      `  - name: ${JSON.stringify(name)}`,
      `    path: ${JSON.stringify(path)}`,
      `    team: ${JSON.stringify(team)}`,
      ...(board === null ? [] : [`    board: ${JSON.stringify(board)}`]),
    ]),
    "",
  ];
}

function environmentLines(databases: Surroundings["databases"]): string[] {
  // The product's own variable may hold its own state, and is no target.
  const named = databases.filter(({ variable }) => variable !== "DATABASE_URL");
  const name = (variable: string) => wordOf(variable.replace(/_?DATABASE_URL$|_?DB_URL$/, "").toLowerCase());
  const unique = [...new Map(named.map((one) => [name(one.variable), one])).values()];
  const lines = unique.map(
    ({ variable, file }) =>
      `  - { name: ${JSON.stringify(name(variable))}, database: "\${${variable}}" }   # from ${file}`,
  );
  const example = [
    "# environments:",
    `#   - { name: staging, database: "\${STAGING_DATABASE_URL}" }`,
    `#   - { name: production, database: "\${PRODUCTION_DATABASE_URL}" }`,
  ];
  return ["# In promotion order.", ...(lines.length > 0 ? ["environments:", ...lines] : example), ""];
}

function checkLines(migrations: Surroundings["migrations"]): string[] {
  const ours = migrations.filter(({ foreign }) => foreign === null);
  if (ours.length === 0) return ["# check:", "#   paths: [db/migrations]", ""];
  return [
    ...ours.map(({ tool, folder, count }) => `# ${count} ${tool} migrations in ${folder}`),
    "check:",
    `  paths: [${ours.map(({ folder }) => JSON.stringify(folder)).join(", ")}]`,
    "",
  ];
}

/** What `validate` finds, in comments: it finds it again each time, unless it is settled here. */
function dataLayer(code: CodeBase) {
  const { interfaces, backends } = readImplementations(code);
  const { routes, unresolved } = readRoutes(code);
  const { calls } = readCalls(code);
  const frameworks = [...Map.groupBy(routes, ({ framework }) => framework)].map(
    ([name, theirs]) => `${theirs.length} of ${name}`,
  );
  const clients = [...Map.groupBy(calls, ({ client }) => client)].map(
    ([name, theirs]) => `${name} (${theirs.length} calls)`,
  );
  const lines = [
    `# validate found ${interfaces.length} repository interfaces${interfaces.length > 0 ? `: ${interfaces.map(({ name }) => name).join(", ")}` : ""}.`,
    `# Routes: ${frameworks.join(", ") || "none"}. Clients: ${clients.join(", ") || "none"}.`,
    "# validate:",
    '#   interfaces: ["*Repository"]',
    backends.length > 0 ? "#   backends:" : "#   backends: []",
    ...backends.map((one) => `#     - { name: ${one.name}, paths: ${JSON.stringify(foldersOf(code, one, backends))} }`),
    "#   internalRoutes: []   # routes that no client needs: /path or METHOD /path, parameters as {}",
    "#   waivers: []          # { rule, backend, interface, method, route, reason, owner, until: YYYY-MM-DD }",
  ];
  return {
    lines,
    found: [
      counted(
        interfaces.length,
        "repository interface",
        "repository interfaces",
        interfaces.map(({ name }) => name),
      ),
      counted(
        backends.length,
        "backend",
        "backends",
        backends.map(({ name }) => name),
      ),
      counted(routes.length, "route", "routes", frameworks),
      counted(calls.length, "call of a service", "calls of a service", clients),
    ],
    unrecognised: unresolved.map(
      ({ what, why, place }) => `${place.file}:${place.line}: ${what} could not be followed: ${why}.`,
    ),
  };
}

/** The packages of a backend, or its folders where a package holds others as well. */
function foldersOf(code: CodeBase, { layer, implementations }: Backend, all: readonly Backend[]): string[] {
  const packageOf = (file: string) => code.modules.packages.folderAround(file);
  const others = all.flatMap((one) => one.implementations).filter((one) => !implementations.includes(one));
  const folders = implementations.map(({ place: { file } }) => {
    const own = packageOf(file);
    const alone = own !== layer && !others.some(({ place }) => packageOf(place.file) === own);
    return alone ? own : folderOf(file) || file;
  });
  return [...new Set(folders)];
}

const OTHER_LANGUAGES: Readonly<Record<string, string>> = {
  "go.mod": "Go",
  "Cargo.toml": "Rust",
  "pyproject.toml": "Python",
  "requirements.txt": "Python",
  "pom.xml": "Java",
  "build.gradle": "Java",
  Gemfile: "Ruby",
  "composer.json": "PHP",
};

function foreignFolders({ files }: RepositoryReader): string[] {
  return files.flatMap((file) => {
    const name = file.split("/").at(-1)!;
    const language = OTHER_LANGUAGES[name];
    return language ? [`${file}: ${language} is not read, so it is no component unless you write it.`] : [];
  });
}
