import { resolve } from "node:path";
import { type Answer, answer, defineCommand } from "../../command.ts";
import type { Context } from "../../context.ts";
import { bodyOf, writeWhole } from "../../files.ts";
import { Stop } from "../../stop.ts";
import { startedOr } from "./could-not-start.ts";
import { dataDirOption, storeMayExist, storePlace } from "./local-options.ts";

export const command = defineCommand({
  about:
    "From the server that --server or CHANGE_MGMT_SERVER names; else from the store on this machine, or from the server that runs on it. The file appears only when it is whole.",
  arguments: [{ name: "file", about: "file to write; a name with the time when left out", optional: true }],
  options: [dataDirOption],
  examples: ["change-mgmt backup", "change-mgmt backup before-upgrade.jsonl.gz --data-dir=/var/lib/change-mgmt"],
  parse: (given) => ({ file: given.optionalWord("file"), dataDir: given.text("dataDir") }),
  async run(context, { file: named, dataDir }) {
    const file = named ?? `change-mgmt-${context.now().toISOString().slice(0, 19).replaceAll(":", "")}.jsonl.gz`;
    const place = storePlace(context, dataDir);
    const { from } = await context.connection();
    if (from === "option" || from === "environment" || !storeMayExist(place)) return fromServer(context, file);
    const { backupTo } = await import("@change-mgmt/server/main.ts");
    try {
      await startedOr(backupTo(resolve(context.cwd, file), { ...place, env: context.env, say: context.say }));
      return answer({ file, from: place.databaseUrl ? "DATABASE_URL" : place.dataDir }, said);
    } catch (error) {
      if (!(error instanceof Stop) || error.trouble.code !== "STORE_IN_USE") throw error;
      context.say(error.message);
      return fromServer(context, file);
    }
  },
});

async function fromServer(context: Context, file: string): Promise<Answer> {
  const { address } = await context.connection();
  context.say(`Asking the server at ${address}.`);
  const bytes = await writeWhole(context, file, bodyOf(await context.client("backup")));
  return answer({ file, from: address, bytes }, said);
}

function said({ file, from }: { file: string; from: string }): string[] {
  return [`${file}: everything stored at ${from}. Restore it with: change-mgmt restore ${file}`];
}
