import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { answer, defineCommand } from "../../command.ts";
import { unreadable } from "../../files.ts";
import { startedOr } from "./could-not-start.ts";
import { dataDirOption, storePlace } from "./local-options.ts";

export const command = defineCommand({
  about: "Only into an empty store, so that nothing is overwritten. No server may run on it.",
  arguments: [{ name: "file", about: "the backup" }],
  options: [dataDirOption],
  examples: ["change-mgmt restore before-upgrade.jsonl.gz --data-dir=./restored"],
  offline: true,
  parse: (given) => ({ file: given.word("file"), dataDir: given.text("dataDir") }),
  async run(context, { file, dataDir }) {
    const place = storePlace(context, dataDir);
    const path = resolve(context.cwd, file);
    if (!existsSync(path)) throw unreadable(file, { code: "ENOENT" });
    const { restoreFrom } = await import("@change-mgmt/server/main.ts");
    const result = await startedOr(restoreFrom(path, { ...place, env: context.env, say: context.say }));
    const into = place.databaseUrl ? "DATABASE_URL" : place.dataDir;
    return answer({ ...result, file, into }, (clean) => [`${clean.file} is restored into ${clean.into}.`]);
  },
});
