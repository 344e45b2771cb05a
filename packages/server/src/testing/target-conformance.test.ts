import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTargets } from "../assets/databases/targets.ts";
import { startPostgres } from "./postgres.ts";
import { accepted, anEnvironment } from "./step-context.ts";
import { targetConformance } from "./target-conformance.ts";

targetConformance("a Postgres server", async () => {
  const postgres = await startPostgres();
  const env: Record<string, string> = {};
  return {
    targets: createTargets({ dataFolder: "/nowhere", env }),
    async empty(with_) {
      env.TARGET_URL = await postgres.newDatabase();
      return anEnvironment("$" + "{TARGET_URL}", with_);
    },
    stop: () => postgres.stop(),
  };
});

targetConformance("an embedded database", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "change-mgmt-targets-"));
  const targets = createTargets({ dataFolder, env: {} });
  return {
    targets,
    async empty(with_) {
      const environment = anEnvironment("embedded:target", with_);
      const session = accepted(await targets.open(environment));
      const { rows } = await session.query(
        "select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
      );
      for (const { name } of rows) await session.query(`drop schema ${name} cascade`);
      await session.query("create schema public");
      await session.close();
      return environment;
    },
    stop: () => rm(dataFolder, { recursive: true }),
  };
});
