import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { diskReader } from "@change-mgmt/analysis/repository/disk-reader.ts";
import { readImpact } from "@change-mgmt/analysis/repository/impact/read-impact.ts";
import { readTouches } from "@change-mgmt/analysis/repository/impact/read-touches.ts";
import { validateRepository } from "@change-mgmt/analysis/repository/validation/validate-repository.ts";
import { defineBench, measureRounds, ratio, spread } from "./measure.ts";

/** The TypeScript whose API the analysis uses; the one at the root has none. */
const ts: typeof import("../packages/analysis/node_modules/typescript/lib/typescript.js") = createRequire(
  resolve(import.meta.dirname, "../packages/analysis/package.json"),
)("typescript");

/** Fewer by `CHANGE_MGMT_BENCH_FILES=500`, for a first look. */
const FILES = Number(process.env.CHANGE_MGMT_BENCH_FILES ?? 5000);
const ROUNDS = Number(process.env.CHANGE_MGMT_BENCH_ROUNDS ?? 5);
const BYTES = 5800;
/** Of a hundred files so many are each part of a data layer; the others have nothing to do with one, a third of them with paths in quotes. */
const LAYER = 5;

/** How long a repository of 5,000 TypeScript files takes to look at from nothing, beside the time that TypeScript takes to parse all of them. */
export const bench = defineBench({
  question: "What do `impact` and `validate` of 5,000 TypeScript files cost, beside parsing all of them?",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "change-mgmt-repository-"));
    try {
      const { files, bytes } = writeRepository(folder);
      const touches = await readTouches("up.sql", "alter table table_7 drop column name;");
      if (!touches.ok) throw new Error(touches.refusal.message);
      const components = [{ name: "all", path: ".", team: "all" }];
      const times = await measureRounds(
        {
          parse: () =>
            files.map(
              (file) =>
                ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true).statements.length,
            ),
          impact: async () => {
            const { references } = await readImpact(diskReader(folder), "up.sql", touches.value, components);
            if (references.length === 0) throw new Error("nothing was found");
          },
          validate: () => {
            const { methods } = validateRepository(diskReader(folder), {}, "2026-01-01");
            if (methods.length === 0) throw new Error("nothing was found");
          },
        },
        { rounds: ROUNDS, warmUp: 1 },
      );
      return {
        subject: { files: files.length, bytes, typescript: ts.version },
        figures: {
          "parse all, ms": spread(times.parse.wall),
          "impact, ms": spread(times.impact.wall),
          "validate, ms": spread(times.validate.wall),
          "memory, MB": spread([process.memoryUsage().rss / 1e6]),
        },
        ratios: {
          "impact / parse all": ratio(times.impact.wall, times.parse.wall),
          "validate / parse all": ratio(times.validate.wall, times.parse.wall),
        },
        limits: { "impact / parse all": 0.7, "validate / parse all": 1.5 },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

function writeRepository(folder: string): { files: string[]; bytes: number } {
  let bytes = 0;
  const files = Array.from({ length: FILES }, (_, at) => {
    const { path, head } = partOf(at);
    const text = filled(head, at);
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    bytes += text.length;
    return file;
  });
  const mounts = Array.from({ length: Math.floor(FILES / 100) }, (_, at) => at);
  const server = `import fastify from "fastify";\n${mounts.map((at) => `import { routes${at} } from "./routes/r${at}.js";`).join("\n")}
const app = fastify();\n${mounts.map((at) => `app.register(routes${at}, { prefix: "/api/things${at}" });`).join("\n")}\n`;
  writeFileSync(join(folder, "service/server.ts"), server);
  return { files: [...files, join(folder, "service/server.ts")], bytes: bytes + server.length };
}

function partOf(at: number): { path: string; head: string } {
  const layer = Math.floor(at / 100);
  const implementation = (
    kind: string,
    body: string,
  ) => `import type { Thing${layer}Repository } from "../domain/d${layer}.js";
export class ${kind}Thing${layer}Repository implements Thing${layer}Repository {
  constructor(private readonly db: any) {}
  async find(id: string) { ${body} }
  async list() { ${body.replace("id)", '"x")')} }
}\n`;
  switch (at % 100) {
    case 0:
      return {
        path: `domain/d${layer}.ts`,
        head: `export interface Thing${layer}Repository { find(id: string): Promise<unknown>; list(): Promise<unknown>; }\n`,
      };
    case 1:
      return {
        path: `supabase/s${layer}.ts`,
        head: implementation("Supabase", `return this.db.from("table_${layer}").select("id, name").eq("id", id);`),
      };
    case 2:
      return { path: `memory/m${layer}.ts`, head: implementation("Memory", "return this.db.get(id);") };
    case 3:
      return {
        path: `service/routes/r${layer}.ts`,
        head: `import type { Thing${layer}Repository } from "../../domain/d${layer}.js";
export async function routes${layer}(app: any, { things }: { things: Thing${layer}Repository }) {
  app.get("/", async () => things.list());
  app.get("/:id", async (request: any) => things.find(request.params.id));
}\n`,
      };
    case LAYER - 1:
      return {
        path: `client/c${layer}.ts`,
        head: `export class Client${layer} {
  list() { return this.request("/api/things${layer}"); }
  one(id: string) { return this.request(\`/api/things${layer}/\${id}\`); }
  private request(path: string) { return fetch(path); }
}\n`,
      };
    default:
      return {
        path: `apps/a${at % 10}/src/f${at}.ts`,
        head: at % 3 === 0 ? `export const page${at} = { link: "/pages/${at}", icon: "/icons/${at}.svg" };\n` : "",
      };
  }
}

/** Code as people write it, up to the size of a usual file. */
function filled(head: string, at: number): string {
  let text = head;
  for (let nth = 0; text.length < BYTES; nth++) {
    text += `/** Says what is to be said of number ${nth} of ${at}. */
export function value${at}_${nth}(input: { readonly name: string; readonly count?: number }, more: readonly string[] = []): string {
  const { name, count = ${nth} } = input;
  if (more.length > count) return more.map((one) => \`\${name}: \${one.trim().toLowerCase()}\`).join(", ");
  return count > 1 ? \`\${name} and \${count - 1} others\` : name.length === 0 ? "nobody" : name;
}
`;
  }
  return text;
}
