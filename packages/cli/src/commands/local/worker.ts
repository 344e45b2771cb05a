import { answer, defineCommand } from "../../command.ts";
import { usage } from "../../stop.ts";
import { startedOr } from "./could-not-start.ts";
import { dataDirOption, storePlace } from "./local-options.ts";
import { untilInterrupted } from "./until-interrupted.ts";

export const command = defineCommand({
  about:
    "Takes work from a store that servers share. It needs DATABASE_URL: an embedded store is worked on by its serve.",
  options: [dataDirOption],
  examples: ["DATABASE_URL=postgres://user:password@host:5432/change_mgmt change-mgmt worker"],
  offline: true,
  parse: (given) => ({ dataDir: given.text("dataDir") }),
  async run(context, { dataDir }) {
    const { databaseUrl, ...place } = storePlace(context, dataDir);
    if (databaseUrl === undefined)
      throw usage(
        "A worker needs DATABASE_URL.",
        "Set it to the Postgres that servers share; with the embedded store, serve works by itself.",
      );
    const interrupted = context.interrupted();
    const { startWorker } = await import("@change-mgmt/server/main.ts");
    const worker = await startedOr(startWorker({ ...place, databaseUrl, env: context.env, say: context.say }));
    context.say("The worker runs.");
    await untilInterrupted(interrupted);
    context.say("Stopping: work in hand is brought to a safe point.");
    await worker.close();
    return answer(undefined, () => []);
  },
});
