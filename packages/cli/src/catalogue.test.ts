import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogue, nouns } from "./catalogue.ts";
import { locate, parseLine } from "./program.ts";

const folder = join(import.meta.dirname, "commands");
const shown = catalogue.filter(({ hidden }) => !hidden);

function commandFiles(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter(
      (file) =>
        ![
          "local/applied-there.ts",
          "local/could-not-start.ts",
          "local/local-options.ts",
          "local/until-interrupted.ts",
        ].includes(file),
    );
}

/** Splits a line as a shell would, as far as examples go: quotes, and nothing after a pipe or a redirection. */
function words(line: string): string[] {
  const [command = ""] = line.split(/ [|<>] /);
  return [...command.matchAll(/(?:[^\s"']+|"([^"]*)"|'([^']*)')+/g)].map(([word]) => word.replace(/["']/g, ""));
}

test("every file under commands is a command one can type, and its path is what one types", () => {
  const paths = commandFiles()
    .map((file) =>
      file
        .replace(/^local\//, "")
        .replace(/\.ts$/, "")
        .replace("/", " "),
    )
    .map((path) => (path === "complete-word" ? "__complete" : path));
  expect(paths.sort()).toEqual(catalogue.map(({ path }) => path).sort());
});

test("every noun has verbs and every verb a noun", () => {
  const used = new Set(
    catalogue
      .map(({ path }) => path.split(" "))
      .filter((path) => path.length > 1)
      .map(([noun]) => noun),
  );
  expect([...used].sort()).toEqual(Object.keys(nouns).sort());
});

describe.each(shown.map((entry) => [entry.path, entry] as const))("%s", (path, entry) => {
  test("its examples are lines that parse", async () => {
    const { command } = await entry.load();
    const examples = command.examples.filter(
      (line) => line.includes(`change-mgmt ${path}`) && !line.startsWith("source"),
    );
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const line = words(example);
      const argv = line.slice(line.indexOf("change-mgmt") + 1);
      expect(locate(argv, () => undefined).path).toBe(path);
      const { given } = parseLine(argv, entry, command, () => undefined);
      expect(() => command.parse(given)).not.toThrow();
    }
  });
});
