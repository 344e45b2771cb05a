import { answer, defineCommand } from "../../command.ts";
import { writeFully } from "../../io.ts";
import { startedOr } from "./could-not-start.ts";
import { dataDirOption, portOf, storePlace } from "./local-options.ts";
import { untilInterrupted } from "./until-interrupted.ts";

export const command = defineCommand({
  about: `Without DATABASE_URL everything lives in one folder, on an embedded Postgres that this process owns, and the worker runs inside.
With DATABASE_URL any number of serve and worker processes share that Postgres. The first start of an empty store brings a sample workspace.
CHANGE_MGMT_ADMIN_TOKEN, if set at the first start, becomes an administrator's API token.`,
  options: [
    { flags: "--port <n>", about: "port to listen on (else PORT, else 7070); 0 for any free one" },
    { flags: "--host <address>", about: "address to listen on; only this machine when left out" },
    dataDirOption,
    { flags: "--no-demo", about: "start empty, without the sample workspace" },
    { flags: "--no-sample-changes", about: "people and databases of the sample workspace, without its changes" },
    {
      flags: "--hold-deployments",
      about: "hold deployments from the start, for a database that was put back from a backup of its own",
    },
    {
      flags: "--sample-sign-in",
      about:
        "let everybody who reaches this server sign in as the sample people; else only on this machine, on an embedded store",
    },
  ],
  examples: ["change-mgmt serve", "change-mgmt serve --port=8080 --data-dir=/var/lib/change-mgmt --no-demo"],
  offline: true,
  parse: (given) => ({
    port: given.whole("port", 0, 65_535),
    host: given.text("host") ?? "127.0.0.1",
    dataDir: given.text("dataDir"),
    demo: given.flag("demo"),
    sampleChanges: given.flag("sampleChanges"),
    sampleSignIn: given.flag("sampleSignIn"),
    holdDeployments: given.flag("holdDeployments"),
  }),
  async run(context, { port: typed, host, dataDir, demo, sampleChanges, sampleSignIn, holdDeployments }) {
    const place = storePlace(context, dataDir);
    const port = portOf(context.env, typed);
    const adminToken = context.env.CHANGE_MGMT_ADMIN_TOKEN;
    const interrupted = context.interrupted();
    const { startServer } = await import("@change-mgmt/server/main.ts");
    const server = await startedOr(
      startServer({
        port,
        host,
        ...place,
        demo,
        sampleChanges,
        ...(holdDeployments ? { holdDeployments } : {}),
        ...(sampleSignIn ? { sampleSignIn } : {}),
        ...(adminToken ? { adminToken } : {}),
        env: context.env,
        say: context.say,
      }),
      port,
    );
    const { address, signInLink } = server;
    const ready = {
      ok: true,
      address,
      ...(signInLink ? { signInLink } : {}),
      ...(place.databaseUrl ? {} : { dataDir: place.dataDir }),
    };
    const lines = [`change-mgmt runs at ${address}`, ...(signInLink ? [`Sign in once with ${signInLink}`] : [])];
    await writeFully(context.stdout, `${context.json ? JSON.stringify(ready, null, 2) : lines.join("\n")}\n`);
    await untilInterrupted(interrupted);
    context.say("Stopping: work in hand is brought to a safe point.");
    await server.close();
    return answer(undefined, () => []);
  },
});
