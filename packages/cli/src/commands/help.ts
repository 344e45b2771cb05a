import type { EndpointName } from "@change-mgmt/api/endpoints.ts";
import { catalogue, type Entry, nouns } from "../catalogue.ts";
import { answer, defineCommand } from "../command.ts";
import { helpPage, nounPage, overview } from "../program.ts";
import { usage } from "../stop.ts";

export const command = defineCommand({
  about: "With --json and a command: its arguments, options and the JSON Schema of its document.",
  arguments: [{ name: "command", about: "the command, as one types it", optional: true, rest: true }],
  examples: ["change-mgmt help", "change-mgmt help step complete", "change-mgmt help create --json"],
  offline: true,
  parse: (given) => given.rest("command").join(" "),
  async run(_, path) {
    const shown = catalogue.filter(({ hidden }) => !hidden);
    if (path === "" || Object.hasOwn(nouns, path)) {
      const listed = path === "" ? shown : shown.filter((entry) => entry.path.startsWith(`${path} `));
      const commands = listed.map(({ group, summary, ...entry }) => ({ path: entry.path, group, summary }));
      return answer({ commands }, () => (path === "" ? overview() : nounPage(path)).trimEnd().split("\n"));
    }
    const entry = shown.find((one) => one.path === path);
    if (!entry) throw usage(`There is no command "${path}".`, nearest(path, shown));
    const { command: found } = await entry.load();
    const { about, arguments: words = [], options = [], examples, answers } = found;
    const document = {
      path,
      summary: entry.summary,
      about,
      arguments: words,
      options,
      examples,
      schema: found.document ? (await found.document()).toJSONSchema() : await schemaOf(answers),
    };
    return answer(document, () => helpPage(entry, found).trimEnd().split("\n"));
  },
});

async function schemaOf(name: EndpointName | undefined): Promise<object | null> {
  if (name === undefined) return null;
  const { endpoints } = await import("@change-mgmt/api/endpoints.ts");
  const { response } = endpoints[name];
  return response === "stream" ? null : response.toJSONSchema({ override: ({ jsonSchema }) => open(jsonSchema) });
}

function nearest(path: string, shown: readonly Entry[]): string {
  const [first = ""] = path.split(" ");
  const close = shown.filter((entry) => entry.path.split(" ").some((word) => word.startsWith(first.slice(0, 3))));
  return close.length > 0
    ? `Did you mean ${close.map((entry) => entry.path).join(", ")}?`
    : "change-mgmt help lists the commands.";
}

/** A document has members beside those of the answer, such as `ok`. */
function open(schema: { additionalProperties?: unknown }): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties;
}
