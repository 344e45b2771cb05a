import type { SchemaComparison } from "@change-mgmt/analysis/alteration/compare-schemas.ts";
import type { SchemaSource } from "@change-mgmt/analysis/alteration/schema-source.ts";
import type { Verification } from "@change-mgmt/analysis/alteration/verify-alteration.ts";
import { openCacheFolder } from "../../check/cache-folder.ts";
import { answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import { writeFully } from "../../io.ts";
import { diffDocument } from "../../schema/diff-document.ts";
import { diffLines } from "../../schema/diff-lines.ts";
import { readSources } from "../../schema/sources.ts";
import { refused, usage } from "../../stop.ts";

interface Input {
  readonly sources: readonly [string, string];
  readonly schemas: readonly string[];
  readonly renames: readonly string[];
  readonly recreate: boolean;
  readonly sql: boolean;
  /** Null: where it is cheap. */
  readonly verify: boolean | null;
  readonly cache: boolean;
}

/** With at most so many objects, and no database at hand, verifying costs about as much as reading did. */
const CHEAP = 1500;

export const command = defineCommand<Input>({
  about: `FROM and TO are each an SQL file, a folder of migrations, a snapshot (.json) or a database URL, which is only read. Says what differs, what it breaks, and the SQL that leads from FROM to TO in a safe order, each statement with what it locks, rewrites and loses.
Files and migrations are verified by applying the SQL to a disposable copy of FROM (--verify does so for anything, --no-verify not at all). SQL and migrations are run in a process of their own: a statement is ended after 30 seconds, the whole after two minutes. What cannot be done is refused by name. Owners and tablespaces that differ between two live databases are named, and not changed; roles are not compared.
Exit code 0 when the schemas are equal, 1 when they differ, 2 for wrong usage, 3 when one cannot be read.`,
  arguments: [
    { name: "from", about: "the schema to start from" },
    { name: "to", about: "the schema to arrive at" },
  ],
  options: [
    { flags: "--sql", about: "print only the SQL" },
    { flags: "--verify", about: "apply the SQL to a disposable copy of FROM and compare, whatever it costs" },
    { flags: "--no-verify", about: "do not" },
    {
      flags: "--rename <old=new>",
      about: "a table or column that was renamed, such as public.users.name=public.users.full_name",
      repeatable: true,
    },
    { flags: "--schema <name>", about: "only this schema", repeatable: true },
    { flags: "--recreate", about: "drop and make again tables that cannot be changed in place; their rows are lost" },
    { flags: "--no-cache", about: "keep nothing in the user's cache folder and use nothing of it" },
  ],
  examples: [
    "change-mgmt schema diff schema-old.sql schema-new.sql",
    "change-mgmt schema diff db/migrations postgres://localhost/app --schema=public",
    'change-mgmt schema diff "$STAGING_URL" "$PRODUCTION_URL" --sql',
    "change-mgmt schema diff before.json after.json --rename=public.users.name=public.users.full_name --json",
  ],
  offline: true,
  parse: (given) => ({
    sources: [given.word("from"), given.word("to")],
    schemas: given.list("schema"),
    renames: given.list("rename").map((rename) => {
      if (/^[^=]+=[^=]+$/.test(rename)) return rename;
      throw usage(`--rename=${rename} is not old=new.`, "Write --rename=public.users.name=public.users.full_name.");
    }),
    recreate: given.flag("recreate"),
    sql: given.flag("sql"),
    verify: given.choice("verify"),
    cache: given.flag("cache"),
  }),
  async run(context, input) {
    const cache = await openCacheFolder(context, input.cache);
    try {
      return await compare(context, input, cache.path);
    } finally {
      await cache.end();
    }
  },
});

async function compare(context: Context, input: Input, cacheFolder: string) {
  // What plans is loaded while the schemas are on their way.
  const [sources, { compareWithPlan }] = await Promise.all([
    readSources(context, input.sources, cacheFolder),
    import("@change-mgmt/analysis/alteration/compare-schemas.ts"),
  ]);
  const [from, to] = sources as [SchemaSource, SchemaSource];
  const compared = compareWithPlan(from.model, to.model, input);
  if (!compared.ok) throw refused(compared.refusal);
  const comparison = compared.value;
  const { obstacles, steps } = comparison.alteration;
  const exit = comparison.judgements.length > 0 || comparison.alteration.columnOrder.length > 0 ? 1 : 0;
  const cheap = [from, to].every(
    ({ kind, model }) => (kind === "sql" || kind === "migrations") && Object.keys(model.objects).length <= CHEAP,
  );
  const verifies = steps.length > 0 && obstacles.length === 0 && (input.verify ?? cheap);
  const verification = verifies ? await verify(from, comparison, input, cacheFolder) : null;
  if (input.sql && !context.json) {
    const { alterationSql } = await import("@change-mgmt/analysis/alteration/alteration.ts");
    for (const { object, reason } of obstacles) context.say(`not possible: ${object}: ${reason}`);
    for (const { object, what } of comparison.outside) context.say(`not changed: the ${what} of ${object}`);
    if (verification !== null && !["equal", "column-order"].includes(verification.outcome))
      context.say(`not verified: ${verification.reason}`);
    await writeFully(context.stdout, alterationSql(steps));
    return { document: undefined, lines: () => [], exit } as const;
  }
  return answer(diffDocument(from.label, to.label, comparison, verification), diffLines, exit);
}

/** Verifies in the schemas that were asked for; what else is in the copy is not looked at. */
async function verify(
  source: SchemaSource,
  { to, from, alteration }: SchemaComparison,
  { schemas }: Input,
  cacheFolder: string,
): Promise<Verification> {
  const { verifyAlteration } = await import("@change-mgmt/analysis/alteration/verify-alteration.ts");
  const { onlySchemas } = await import("@change-mgmt/analysis/alteration/compare-schemas.ts");
  const start = source.texts === null ? { model: from, texts: null } : { model: source.model, texts: source.texts };
  return verifyAlteration(start, to, alteration.steps, { cacheFolder, view: (model) => onlySchemas(model, schemas) });
}
