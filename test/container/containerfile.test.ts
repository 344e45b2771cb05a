import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readStages, variablesOf, wordsOf } from "./containerfile.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const text = readFileSync(join(ROOT, "Containerfile"), "utf8");
const stages = readStages(text);
const last = stages.at(-1)!;
const said = (name: string) => last.instructions.find((instruction) => instruction.name === name)?.rest;

test("the image has the Node and the pnpm that npm start brings", () => {
  const toolchain = readFileSync(join(ROOT, "scripts/with-toolchain.mjs"), "utf8");
  const version = (name: string) => new RegExp(`^const ${name} = "(.*)";$`, "m").exec(toolchain)?.[1];
  expect(stages.map(({ base }) => base)).toEqual(
    stages.map(() => `docker.io/library/node:${version("NODE")}-bookworm-slim`),
  );
  const installs = stages.flatMap(({ instructions }) => instructions.filter(({ rest }) => rest.includes("pnpm@")));
  expect(installs.length).toBeGreaterThan(0);
  for (const { rest } of installs) {
    expect(rest).toContain(`npx -y pnpm@${version("PNPM")} `);
    expect(rest).toContain("--frozen-lockfile");
  }
});

test("whatever is copied is there, and every package is", () => {
  const copied = stages
    .flatMap(({ instructions }) => instructions.filter(({ name }) => name === "COPY"))
    .filter(({ rest }) => !rest.startsWith("--from="))
    .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1));
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  const program = stages.find(({ name }) => name === "program")!;
  const here = program.instructions.map(({ rest }) => rest).join("\n");
  for (const name of readdirSync(join(ROOT, "packages"))) expect(here).toContain(`packages/${name}`);
});

test("it runs as a user by number who is not root, writes below its volume alone, and says whether it lives", () => {
  expect(said("USER")).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  const { HOME, XDG_CACHE_HOME, CHANGE_MGMT_DATA } = variablesOf(last);
  for (const folder of [HOME, XDG_CACHE_HOME, CHANGE_MGMT_DATA]) expect(`${folder}/`).toContain(`${said("VOLUME")}/`);
  expect(wordsOf(said("HEALTHCHECK")!)?.join(" ")).toContain("/healthz");
  const [, program] = wordsOf(said("ENTRYPOINT")!)!;
  expect(existsSync(join(ROOT, program!))).toBe(true);
});
