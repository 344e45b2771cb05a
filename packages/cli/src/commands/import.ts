import { createHash } from "node:crypto";
import type { CallOutput } from "@change-mgmt/api/client.ts";
import { changeTable } from "../change/change-table.ts";
import type { Change } from "../change/change-types.ts";
import { answer, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";
import { Stop, usage } from "../stop.ts";

type Read = CallOutput<"requestFiles.read">["requests"][number];

interface Request extends Read {
  readonly process: string;
  /** The same for the same request in the same file, so that importing it again within a day makes nothing twice. */
  readonly key: string;
  readonly file: string;
}

export const command = defineCommand({
  about: `Markdown and YAML files are read by the process's template (\`export --template\` writes an empty one), a CSV file has the fields' ids or titles in its first row and one change in each other.
All files are read before anything is created: one problem in one of them, and nothing is. What a file says and the product keeps by itself, such as who asked for it elsewhere, becomes a comment. The same file imported again within a day makes nothing twice.`,
  arguments: [{ name: "file", about: "files to read", rest: true }],
  options: [
    { flags: "--process <name>", about: "process to follow; left out, the one whose template it is" },
    { flags: "--submit", about: "submit each at once instead of keeping drafts" },
    { flags: "--dry-run", about: "only read, and show what would be created" },
  ],
  examples: [
    "change-mgmt import change.md --submit",
    "change-mgmt import backlog.csv --process=itil --dry-run",
    "change-mgmt import requests/*.yaml --json",
  ],
  parse(given) {
    const files = given.rest("file");
    if (files.length === 0) throw usage("<file> is missing: files to read.", "Name at least one file.");
    return { files, process: given.text("process"), submit: given.flag("submit"), dryRun: given.flag("dryRun") };
  },
  async run(context, { files, process, submit, dryRun }) {
    const requests: Request[] = [];
    for (const file of files) requests.push(...(await readFile(context, file, process)));
    const problems = requests.flatMap((request) => request.problems);
    if (problems.length > 0)
      throw new Stop(1, {
        code: "CHANGE_FILE_INVALID",
        detail: `${files.length === 1 ? files[0] : "The files"} ${problems.length === 1 ? "has a problem" : `have ${problems.length} problems`}; nothing was created.`,
        hint: "Correct what is listed and import again.",
        problems,
      });
    if (dryRun)
      return answer({ requests: requests.map(({ key: _, ...request }) => request) }, (clean) => [
        ...clean.requests.map(
          ({ file, process: name, fields }) => `${file}: ${fields.title ?? "without a title"} (${name})`,
        ),
        `${clean.requests.length === 1 ? "One change" : `${clean.requests.length} changes`} would be created.`,
      ]);
    const items: Change[] = [];
    for (const request of requests) {
      try {
        items.push(await create(context, request, submit));
      } catch (error) {
        if (items.length > 0)
          context.say(`${items.length} of ${requests.length} were created; import again to create the others.`);
        throw error;
      }
      if (context.isTerminal && requests.length > 1) context.say(`${items.length} of ${requests.length}`);
    }
    return answer({ items }, async (clean, page) => await changeTable(clean.items, page));
  },
});

async function readFile(context: Context, file: string, process: string | undefined): Promise<Request[]> {
  const text = await readNamedFile(context, file);
  const read = await context.client("requestFiles.read", {
    body: { name: file, text, ...(process === undefined ? {} : { process }) },
  });
  const keyOf = (index: number) => {
    const hash = createHash("sha256")
      .update(JSON.stringify([read.process, index, text]))
      .digest("hex");
    return `import-${hash.slice(0, 48)}`;
  };
  return read.requests.map((request, index) => ({ ...request, process: read.process, file, key: keyOf(index) }));
}

async function create(context: Context, request: Request, submit: boolean): Promise<Change> {
  const { process, fields, artifacts, remarks, key, file } = request;
  const change = await context.client("changes.create", {
    body: { process, fields, artifacts, submit },
    idempotencyKey: `${key}${submit ? "-submitted" : ""}`,
  });
  if (remarks.length === 0) return change;
  await context.client("changes.comment", {
    params: { id: change.id },
    body: { text: `Imported from ${file}.\n\n${remarks.map((remark) => `- ${remark}`).join("\n")}`, attachments: [] },
    idempotencyKey: `${key}-comment`,
  });
  return change;
}
