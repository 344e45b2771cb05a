import { openCacheFolder } from "../../check/cache-folder.ts";
import { answer, defineCommand } from "../../command.ts";
import { readSources } from "../../schema/sources.ts";

interface Input {
  readonly source: string;
  readonly cache: boolean;
}

export const command = defineCommand<Input>({
  about:
    "Writes the schema of an SQL file, a folder of migrations or a database (which is only read) as JSON to stdout, to be compared later with schema diff.",
  arguments: [{ name: "source", about: "SQL file, folder of migrations or database URL" }],
  options: [{ flags: "--no-cache", about: "keep nothing in the user's cache folder and use nothing of it" }],
  examples: [
    "change-mgmt schema snapshot db/migrations > schema.json",
    'change-mgmt schema snapshot "$DATABASE_URL" --json',
  ],
  offline: true,
  parse: (given) => ({ source: given.word("source"), cache: given.flag("cache") }),
  async run(context, { source, cache }) {
    const folder = await openCacheFolder(context, cache);
    try {
      const [read] = await readSources(context, [source], folder.path);
      const document = { source: read!.label, schema: read!.model };
      return answer(document, (clean) => [JSON.stringify(clean, null, 2)]);
    } finally {
      await folder.end();
    }
  },
});
