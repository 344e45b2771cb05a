import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { answer, defineCommand } from "../../command.ts";
import { unreadable } from "../../files.ts";
import { startedOr } from "./could-not-start.ts";
import { dataDirOption, storePlace } from "./local-options.ts";

export const command = defineCommand({
  about: `Only into an empty store, so that nothing is overwritten. No server may run on it.
Deployments are held afterwards: what the backup shows as unfinished may have gone on since. Start the server, look, then: change-mgmt deployment release`,
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
    return answer({ ...result, file, into }, (clean) => [
      `${clean.file} is restored into ${clean.into}.`,
      "Deployments are held there until somebody has looked: change-mgmt deployment held, then change-mgmt deployment release",
    ]);
  },
});
