import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { checkArchitecture, inWords } from "./architecture/check.ts";
import { packageFiles, readTree } from "./architecture/tree.ts";

const real = readTree(resolve(import.meta.dirname, ".."));

test("the tree keeps to the house", () => {
  expect(inWords(checkArchitecture(real))).toBe("");
});

test("the check looks at every package and resolves their imports", () => {
  const files = packageFiles(real);
  expect(new Set(files.map((file) => file.package))).toContain("domain");
  expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(0);
});

/** Violations of a small tree, as words. */
function check(tree: Record<string, string>): string {
  return inWords(checkArchitecture(new Map(Object.entries(tree))));
}

const importing = (file: string, specifier: string) => check({ [file]: `import { a } from "${specifier}";\n` });

describe("packages", () => {
  test.each([
    ["packages/analysis/src/sql/a.ts", "@change-mgmt/domain/schema/model.ts"],
    ["packages/server/src/storage/a.ts", "@change-mgmt/analysis/sql/parse.ts"],
    ["packages/cli/src/commands/local/serve.ts", "@change-mgmt/server/main.ts"],
    ["packages/web/src/pages/a.ts", "@change-mgmt/api/client.ts"],
    ["packages/domain/src/audit/a.ts", "@noble/hashes/sha2.js"],
    ["packages/domain/src/audit/a.test.ts", "fast-check"],
    ["packages/server/src/http/a.ts", "fastify"],
  ])("%s may import %s", (file, specifier) => {
    expect(importing(file, specifier)).toBe("");
  });

  test.each([
    ["packages/domain/src/change/a.ts", "@change-mgmt/api/a.ts", "domain may import no other package, not api"],
    ["packages/api/src/a.ts", "@change-mgmt/server/a.ts", "api may import domain, not server"],
    ["packages/analysis/src/sql/a.ts", "@change-mgmt/server/a.ts", "analysis may import domain, not server"],
    ["packages/web/src/pages/a.ts", "@change-mgmt/server/a.ts", "web may import domain, api, not server"],
    ["packages/server/src/http/a.ts", "@change-mgmt/cli/a.ts", "server may import domain, analysis, api, not cli"],
    ["packages/server/src/http/a.test.ts", "@change-mgmt/cli/a.ts", "server may import domain, analysis, api, not cli"],
    ["packages/cli/src/commands/list.ts", "@change-mgmt/server/a.ts", "only under commands/local/"],
    ["packages/api/src/a.ts", "../../domain/src/change/a.ts", "write @change-mgmt/domain/change/a.ts"],
    ["packages/domain/src/change/a.ts", "node:fs", "domain has no I/O, so no node:fs"],
    ["packages/domain/src/change/a.ts", "zod", "domain imports only @noble/hashes, not zod"],
    ["packages/domain/src/change/a.ts", "@noble/hashes-next", "not @noble/hashes-next"],
    ["packages/domain/src/verify/a.ts", "../audit/canonical.ts", "the verifier imports nothing from audit/"],
    ["packages/domain/src/verify/a.ts", "@change-mgmt/domain/audit/a.ts", "the verifier imports nothing from audit/"],
  ])("%s may not import %s", (file, specifier, message) => {
    expect(importing(file, specifier)).toContain(`${file}:1: `);
    expect(importing(file, specifier)).toContain(message);
  });

  test("a package that the house does not know is refused", () => {
    expect(check({ "packages/extra/src/a.ts": "" })).toContain("packages/extra is no package of the house");
  });

  test.each(["Date.now()", "Math.random()", "new Date()", "performance.now()", "crypto.randomUUID()"])(
    "domain may not say %s",
    (expression) => {
      expect(check({ "packages/domain/src/change/a.ts": `// the time\nconst a = ${expression};\n` })).toContain(
        "packages/domain/src/change/a.ts:2: domain knows no clock and no chance",
      );
    },
  );

  test("domain may read a date that was handed in, and speak of the clock in a comment or a sentence", () => {
    const text = `// not Date.now()\nconst a = new Date(now);\nconst b = "Date.now() is refused";\n`;
    expect(check({ "packages/domain/src/change/a.ts": text })).toBe("");
  });
});

describe("floors of the server", () => {
  const server = (file: string, specifier: string) => importing(`packages/server/src/${file}`, specifier);

  test.each([
    ["main.ts", "./integrations/smtp/a.ts"],
    ["http/a.ts", "../lifecycle/approval/routes.ts"],
    ["commands/execute.ts", "../audit/append.ts"],
    ["artifacts/migration/a.ts", "../kind.ts"],
    ["lifecycle/deployment/a.ts", "../approval/queries.ts"],
    ["lifecycle/deployment/a.ts", "../requests/queries.ts"],
    ["lifecycle/routes.ts", "./deployment/routes.ts"],
    ["storage/a.test.ts", "../http/app.ts"],
    ["testing/start-test-server.ts", "../main.ts"],
  ])("%s may import %s", (file, specifier) => {
    expect(server(file, specifier)).toBe("");
  });

  test.each([
    ["storage/a.ts", "../audit/a.ts", "storage may not import audit"],
    ["audit/a.ts", "../outbox/a.ts", "audit may not import outbox"],
    ["audit/a.ts", "@change-mgmt/server/http/app.ts", "audit may not import http"],
    ["assets/a.ts", "../evidence/a.ts", "assets may not import evidence"],
    ["lifecycle/approval/a.ts", "../../notifications/a.ts", "lifecycle/approval may not import notifications"],
    ["http/a.ts", "../worker/a.ts", "http may not import worker"],
    ["worker/a.ts", "../main.ts", "worker may not import main.ts"],
    ["lifecycle/requests/a.ts", "../approval/a.ts", "reaches later ones only by event"],
    ["lifecycle/requests/a.ts", "../routes.ts", "reaches later ones only by event"],
    ["http/a.ts", "../testing/a.ts", "testing/a.ts is for tests only"],
    ["http/a.ts", "./testing.ts", "http/testing.ts is for tests only"],
    ["cache/a.ts", "./b.ts", "server has no room for cache/a.ts"],
    ["lifecycle/planning/a.ts", "./b.ts", "server has no room for lifecycle/planning/a.ts"],
  ])("%s may not import %s", (file, specifier, message) => {
    expect(server(file, specifier)).toContain(message);
  });

  test("an import over several lines and a worker by address count as well", () => {
    const text = `import {\n  type A,\n} from "../http/a.ts";\nnew Worker(new URL("../worker/a.ts", import.meta.url));\n`;
    const found = check({ "packages/server/src/storage/a.ts": text });
    expect(found).toContain("a.ts:1: storage may not import http");
    expect(found).toContain("a.ts:4: storage may not import worker");
  });
});

describe("words", () => {
  test("code may not compare with the name of a process or of a change type", () => {
    const found = check({ "packages/server/src/http/a.ts": `if (type === "emergency") go();\n` });
    expect(found).toContain(`a.ts:1: "emergency" is a word of a process`);
    expect(check({ "packages/cli/src/a.ts": "const a = 'add-field';" })).toContain("process.yaml");
  });

  test("tests, comments, the default process and examples of the api may name them", () => {
    expect(check({ "packages/domain/src/process/a.test.ts": `expect("emergency");` })).toBe("");
    expect(check({ "packages/domain/src/process/a.ts": `// such as "emergency"` })).toBe("");
    expect(check({ "packages/server/src/storage/a.ts": `export const DEFAULT_PROCESS = "data-layer";` })).toBe("");
    expect(check({ "packages/api/src/a.ts": `type: z.string().meta({ example: "add-field" }),` })).toBe("");
  });

  test("a vendor's name stays in integrations/ and main.ts", () => {
    const text = "const notifier = slackNotifier();\n";
    expect(check({ "packages/server/src/notifications/a.ts": text })).toContain("a vendor's name");
    expect(check({ "packages/server/src/integrations/slack/a.ts": text })).toBe("");
    expect(check({ "packages/server/src/main.ts": text })).toBe("");
    expect(check({ "packages/server/src/notifications/a.test.ts": text })).toBe("");
    expect(check({ "packages/server/src/http/a.ts": `const tool = "supabase";` })).toContain("a vendor's name");
    expect(check({ "packages/server/src/artifacts/migration/a.ts": `const tool = "supabase";` })).toBe("");
    expect(check({ "packages/server/src/http/a.ts": "const redistributed = 1;" })).toBe("");
  });
});

describe("tidiness", () => {
  test.each([
    "packages/server/src/utils/a.ts",
    "packages/cli/src/helpers.ts",
    "packages/api/src/common/a.ts",
    "test/misc.ts",
    "packages/server/src/http/change-manager.ts",
    "packages/server/src/http/change-service.test.ts",
    "packages/server/src/http/ChangeService.ts",
    "packages/cli/src/date-utils.ts",
  ])("%s is refused for its name", (file) => {
    expect(check({ [file]: "" })).toContain("says nothing about what is inside");
  });

  test("examples are repositories of somebody else and keep their names", () => {
    expect(check({ "examples/shop/data-layer/service/src/utils.ts": "// TODO" })).toBe("");
  });

  test("a crowded root is refused", () => {
    const crowded = (entries: number) =>
      Object.fromEntries(Array.from({ length: entries }, (_, at) => [`file-${at}`, ""]));
    expect(check(crowded(25))).toBe("");
    expect(check(crowded(26))).toContain("the root has 26 entries");
  });

  test("comments that promise work are refused, sentences that mention them are not", () => {
    const marker = ["TO", "DO"].join("");
    expect(check({ "scripts/a.mjs": `let a; // ${marker}: later\n` })).toContain(
      `scripts/a.mjs:1: a comment says ${marker}`,
    );
    expect(check({ "scripts/a.mjs": `const a = "${marker}";\n` })).toBe("");
  });

  test.each(["test.only(", "it.skip(", "describe.skip(", "test.concurrent.only(", "test.skip.each(", "test.todo("])(
    "%s is refused in tests",
    (call) => {
      const text = `import { test } from "vitest";\n${call}"a", () => {});\n`;
      expect(check({ "packages/api/src/a.test.ts": text })).toContain("a.test.ts:2:");
    },
  );

  test("a kept test, and the word inside a string, are fine", () => {
    expect(check({ "packages/api/src/a.test.ts": `test("a test.only( in words", () => list.only("a"));\n` })).toBe("");
  });
});

test("a class is styled by one file", () => {
  const a = "packages/web/src/pages/a/a.css";
  const b = "packages/web/src/pages/b/b.css";
  expect(check({ [a]: ".card {\n}\n.card:hover {\n}\n", [b]: ".cards {\n}\n.board .card {\n}\n" })).toBe("");
  expect(check({ [a]: ".card {\n}\n", [b]: ".x {\n}\n.card {\n}\n.card p {\n}\n" })).toBe(
    `${b}:3: .card is styled by ${a} too, and both files are there on every page; name one of them after its own page.`,
  );
});
