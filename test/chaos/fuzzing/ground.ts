import { randomBytes } from "node:crypto";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { startPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { dataFolder, ROOT } from "../../acceptance/testing/folder.ts";
import { clientOf, newAdminToken } from "../../acceptance/testing/people.ts";
import { handwork, migration, Road, wish } from "../../acceptance/testing/road.ts";
import {
  configurationOnServers,
  ENVIRONMENTS,
  makeTargets,
  settle,
  targetVariables,
} from "../../acceptance/testing/workspace.ts";
import { SCENE_CHANGE, SCENE_DEPLOYMENT, Scenes } from "./scenes.ts";
import type { Known } from "./values.ts";

/** What one person alone may see, and a mark by which it is recognised wherever it turns up. */
export interface Private {
  readonly mark: string;
  readonly owner: string;
  /** Whether it is in the trail, for those who may read that. */
  readonly told: boolean;
}

/** A server with something of everything on it, and with marks on all that must not come out. */
export interface FuzzGround {
  readonly address: string;
  readonly databaseUrl: string;
  readonly known: Known;
  /** Who can ask, by handle. */
  readonly senders: readonly string[];
  /** Texts that no answer to anybody may carry: secrets, passwords, paths of this machine. */
  readonly secrets: readonly string[];
  readonly private: readonly Private[];
  /** Bugs that the server reported. */
  readonly bugs: string[];
  /** Changes on their way to production and to their end while all else is sent. */
  readonly scenes: Scenes;
  /** A token of somebody, another one after every few hundred requests, so that no limit hides what is looked for. */
  tokenOf(handle: string): Promise<string>;
  close(): Promise<void>;
}

const PASSWORD = `password-${randomBytes(12).toString("hex")}`;
const REQUESTS_A_TOKEN = 100;

export async function fuzzGround(): Promise<FuzzGround> {
  const postgres = await startPostgres();
  const folder = dataFolder();
  const [databaseUrl, targets] = await Promise.all([postgres.newDatabase(), makeTargets(postgres)]);
  const adminToken = newAdminToken();
  const canary = `canary-${randomBytes(16).toString("hex")}`;
  const bugs: string[] = [];
  const started = await startServer({
    dataDir: folder.path,
    databaseUrl,
    port: 0,
    host: "127.0.0.1",
    demo: false,
    adminToken,
    env: {
      ...targetVariables(targets),
      CHANGE_MGMT_TRUST_PROXY: "true",
      SECRET_CANARY: canary,
      DATABASE_URL: `postgres://canary:${canary}@127.0.0.1:9/nowhere`,
    },
    say: (line) => {
      if (line.startsWith("error")) bugs.push(line);
    },
  });
  if (!started.ok) throw new Error(started.refusal.message);
  const server: RunningServer = started.value;
  const { address } = server;
  const admin = clientOf(address, adminToken);
  const people = await settle(address, admin, adminToken, configurationOnServers(""));
  for (const handle of ["target", "keeper"])
    await admin("users.create", {
      body: { handle, name: "Target", roles: handle === "keeper" ? ["administrator"] : ["requester"] },
    });
  const keeper = clientOf(address, (await admin("tokens.create", { body: { name: "keeper", user: "keeper" } })).secret);
  const marks = (owner: string, told: boolean) => ({ mark: `private-${randomBytes(8).toString("hex")}`, owner, told });
  const view = marks("lena", true);
  const filters = marks("archie", true);
  const token = marks("olga", true);
  const ofLena = await people.lena.ask("savedViews.create", { body: { name: view.mark, filters: {} } });
  // Nobody asks for these by their id, so they stay as they are: nobody's but their owner's.
  const hidden = [marks("quinn", false), marks("lena", false)];
  for (const { mark, owner } of hidden)
    await people[owner as "lena"].ask("savedViews.create", { body: { name: mark, filters: { q: mark } } });
  const ofTeam = await people.archie.ask("savedViews.create", {
    body: { name: "Architects", sharedWith: "team", team: "architecture", filters: { q: filters.mark } },
  });
  const ofOlga = await people.olga.ask("tokens.create", { body: { name: token.mark } });
  const { url } = await admin("links.create", { body: { user: "quinn" } });
  const draft = await people.rosa.ask("changes.create", { body: wish({ artifacts: [handwork("look")] }) });
  const submitted = (await Road.begin(people, { artifacts: [handwork("look")] })).number;
  const votes = await Road.begin(people, { artifacts: [handwork("look")] });
  await votes.untilVotes();
  const approved = await Road.begin(people, {
    artifacts: [migration("motto", "ALTER TABLE users ADD COLUMN motto text;", "ALTER TABLE users DROP COLUMN motto;")],
  });
  await approved.untilApproved();
  const deployment = await people.olga.ask("changes.deploy", {
    params: approved.params,
    body: { environment: "development" },
  });
  const attach = async (name: string) => {
    const response = await fetch(`${address}/api/changes/${draft.number}/attachments?name=${name}`, {
      method: "POST",
      headers: { authorization: `Bearer ${people.rosa.token}`, "content-type": "application/octet-stream" },
      body: `Looked: ${name}.`,
    });
    return ((await response.json()) as { id: string }).id;
  };
  const attachment = await attach("kept.txt");
  const removed = await attach("removed.txt");
  const own = await admin("tokens.create", { body: { name: "of target", user: "target" } });
  const numbers = [SCENE_CHANGE, draft.number, submitted, votes.number, approved.number, draft.id];
  const ids = (path: string, values: readonly unknown[]) => [path, values] as const;
  const known: Known = {
    ...Object.fromEntries(
      [
        "changes.get changes.edit changes.submit changes.assess changes.status changes.completeStep changes.addStep changes.vote",
        "changes.rework changes.deploy changes.rollback changes.signOff changes.cancel changes.close changes.comments",
        "changes.comment changes.attachments changes.attach changes.validation changes.report changes.deployments",
      ]
        .join(" ")
        .split(" ")
        .map((id) => ids(`${id} id`, numbers)),
    ),
    // What ends a change ends this one, so that the others live on.
    "changes.cancel id": [submitted],
    "changes.status id": [submitted],
    "changes.completeStep stepId": draft.steps.map(({ id }) => id),
    "attachments.download id": [attachment],
    "attachments.remove id": [removed],
    "deployments.get id": [deployment.id, SCENE_DEPLOYMENT],
    "deployments.cancel id": [deployment.id, SCENE_DEPLOYMENT],
    "deployments.pause id": [deployment.id, SCENE_DEPLOYMENT],
    "deployments.resume id": [deployment.id, SCENE_DEPLOYMENT],
    "savedViews.edit id": [ofLena.id, ofTeam.id],
    "savedViews.delete id": [ofLena.id, ofTeam.id],
    "processes.get name": ["data-layer", "itil"],
    "environments.drift name": ENVIRONMENTS,
    "environments.baseline name": ENVIRONMENTS,
    "users.edit name": ["target"],
    "teams.addMember name": ["bots"],
    "teams.removeMember name": ["bots"],
    "teams.removeMember user": ["target"],
    "factor.reset name": ["target"],
    "tokens.revoke id": [own.id, ofOlga.id],
    user: ["target"],
    handle: ["target"],
    view: [ofLena.id, ofTeam.id],
    team: ["bots", "architecture"],
    sharedWith: ["team"],
    change: numbers,
    environment: ENVIRONMENTS,
    contentHash: [draft.contentHash, (await votes.now()).contentHash],
    attachments: [[attachment]],
    attachment: [attachment],
    type: ["add-field"],
    process: ["data-layer", "itil", "snapshot", "change-control"],
    fields: [draft.fields, { ...draft.fields, title: "'; DROP" }],
    text: [configurationOnServers("")],
    q: ["field", "'", '"add a'],
    up: ["ALTER TABLE users ADD COLUMN fuzz text;", "SELECT 1;"],
    down: ["ALTER TABLE users DROP COLUMN fuzz;"],
    login: ["target", "lena"],
    positions: [[]],
  };
  const senders = Object.keys(people);
  const tokens: Record<string, { secret: string; left: number }> = {};
  const tokenOf = async (handle: string): Promise<string> => {
    let now = tokens[handle];
    if (!now || now.left === 0) {
      const { secret } = await keeper("tokens.create", { body: { name: "fuzz", user: handle } });
      now = { secret, left: REQUESTS_A_TOKEN };
      tokens[handle] = now;
    }
    now.left -= 1;
    return now.secret;
  };
  return {
    address,
    databaseUrl,
    scenes: new Scenes(async (handle) => clientOf(address, await tokenOf(handle))),
    known,
    senders,
    bugs,
    secrets: [
      adminToken,
      canary,
      PASSWORD,
      ofOlga.secret,
      url.split("=").at(-1)!,
      ...Object.values(people).map((one) => one.token),
      ...[databaseUrl, ...Object.values(targets)].map((one) => new URL(one).password),
      folder.path,
      ROOT,
    ],
    private: [view, filters, token, ...hidden],
    tokenOf,
    async close() {
      await server.close();
      await postgres.stop();
      folder.remove();
    },
  };
}
