import { randomInt } from "node:crypto";
import { type Endpoint, type EndpointName, endpoints } from "@change-mgmt/api/endpoints.ts";
import { ROLES, type Role } from "@change-mgmt/domain/identity/roles.ts";
import { startServer } from "@change-mgmt/server/main.ts";
import { startPostgres } from "@change-mgmt/server/testing/postgres.ts";
import pg from "pg";
import { dataFolder } from "../../acceptance/testing/folder.ts";
import { clientOf, newAdminToken } from "../../acceptance/testing/people.ts";
import { handwork, wish } from "../../acceptance/testing/road.ts";
import { configurationOnServers, makeTargets, settle, targetVariables } from "../../acceptance/testing/workspace.ts";
import { STAGES, type StageId } from "../../properties/life/model.ts";
import { type Asking, MATRIX, OWNERSHIPS, type Ownership, refusalOf } from "./table.ts";

const TEAM = "data-platform";
const ELSEWHERE = "bots";
const BY_RULE = new Set(["NOT_ALLOWED", "SCOPE_MISSING", "NOT_YOURS", "OWN_CHANGE"]);

export interface MatrixResult {
  readonly cells: number;
  readonly denied: number;
  readonly allowed: number;
  /** Cells by stage. */
  readonly stages: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

/** Every operation that is about one change, by its path. */
export const OPERATIONS = (Object.keys(endpoints) as EndpointName[]).filter((name) =>
  endpoints[name].path.startsWith("/api/changes/:id"),
);

/**
 * Asks a running server, as each role and about a change in each stage that is the asker's own, their team's or another team's, for every
 * operation in each of its forms. `every`: of so many cells one is asked, another one for each operation and role.
 */
export async function askMatrix({ every }: { readonly every: number }): Promise<MatrixResult> {
  const postgres = await startPostgres();
  const folder = dataFolder();
  const [databaseUrl, targets] = await Promise.all([postgres.newDatabase(), makeTargets(postgres)]);
  const adminToken = newAdminToken();
  const started = await startServer({
    dataDir: folder.path,
    databaseUrl,
    port: 0,
    host: "127.0.0.1",
    demo: false,
    adminToken,
    env: { ...targetVariables(targets), CHANGE_MGMT_TRUST_PROXY: "true" },
    say: () => {},
  });
  if (!started.ok) throw new Error(started.refusal.message);
  const { address } = started.value;
  const store = new pg.Client({ connectionString: databaseUrl });
  await store.connect();
  try {
    const admin = clientOf(address, adminToken);
    const people = await settle(address, admin, adminToken, configurationOnServers());
    const tokens = new Map<string, string[]>();
    for (const role of ROLES)
      for (const [where, teams] of [
        ["in", [TEAM]],
        ["out", []],
      ] as const) {
        const handle = `${role}-${where}`;
        await admin("users.create", { body: { handle, name: handle, roles: [role], teams: [...teams] } });
        tokens.set(handle, []);
      }
    /** A token of somebody, another one before the limit of requests is reached. */
    const tokenOf = async (handle: string): Promise<string> => {
      const mine = tokens.get(handle)!;
      if (mine.length === 0) {
        const { secret } = await admin("tokens.create", { body: { name: "asks", user: handle } });
        mine.push(...Array.from({ length: 400 }, () => secret));
      }
      return mine.pop()!;
    };
    const draft = await people.rosa.ask("changes.create", { body: wish({ artifacts: [handwork("look")] }) });
    const { rows } = await store.query("SELECT * FROM change_mgmt.workflow_states WHERE change_id = $1", [draft.id]);
    /** Puts the one change that is asked about into a stage, as somebody's, whatever was done to it before. */
    const put = async (stage: StageId, requester: string, team: string | null) => {
      await store.query(
        "UPDATE change_mgmt.change_requests SET status = $2, requester = $3, team = $4, content_hash = $5 WHERE id = $1",
        [draft.id, STAGES[stage], requester, stage === "draft" ? null : team, draft.contentHash],
      );
      await store.query(
        "UPDATE change_mgmt.workflow_states SET current_step = $2, step_data = $3 WHERE change_id = $1",
        [draft.id, stage, JSON.stringify(rows[0].step_data)],
      );
    };
    const result = { cells: 0, denied: 0, allowed: 0, stages: {} as Record<string, number>, wrong: [] as string[] };
    let cell = 0;
    for (const stage of Object.keys(STAGES) as StageId[])
      for (const ownership of OWNERSHIPS)
        for (const role of ROLES) {
          const { asker, requester, team } = positions(role, ownership);
          for (const name of OPERATIONS)
            for (const [form, asking] of (MATRIX[name] ?? []).entries()) {
              cell += 1;
              if (cell % every !== 0) continue;
              await put(stage, requester, team);
              const { status, code } = await ask(address, name, asking, draft.number, await tokenOf(asker));
              // In a draft no team owns it yet.
              const held: Ownership = stage === "draft" && ownership === "own team's" ? "another team's" : ownership;
              const expected = refusalOf(asking.rule, role, held);
              result.cells += 1;
              result.stages[stage] = (result.stages[stage] ?? 0) + 1;
              result[expected ? "denied" : "allowed"] += 1;
              const right = expected ? status === 403 && code === expected : status < 500 && !BY_RULE.has(code ?? "");
              if (!right)
                result.wrong.push(
                  `${role}, ${ownership}, ${stage}: ${name} (${form}) answered ${status} ${code ?? ""}, expected ${expected ?? "no denial"}`,
                );
            }
        }
    return result;
  } finally {
    await store.end();
    await started.value.close();
    await postgres.stop();
    folder.remove();
  }
}

/** Who asks, whose change it is, and which team has it. */
function positions(role: Role, ownership: Ownership): { asker: string; requester: string; team: string } {
  if (ownership === "own") return { asker: `${role}-out`, requester: `${role}-out`, team: ELSEWHERE };
  if (ownership === "own team's") return { asker: `${role}-in`, requester: "rosa", team: TEAM };
  return { asker: `${role}-in`, requester: "rosa", team: ELSEWHERE };
}

async function ask(address: string, name: EndpointName, asking: Asking, number: string, token: string) {
  const { method, path }: Endpoint = endpoints[name];
  const { body, bytes, query } = asking;
  const way = path.replace(/:(\w+)/g, (_, part: string) => (part === "id" ? number : asking.params![part]!));
  const type = bytes === undefined ? "application/json" : "application/octet-stream";
  const sent = bytes ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${address}${way}${query ? `?${query}` : ""}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "x-forwarded-for": `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`,
      ...(sent === undefined ? {} : { "content-type": type }),
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  return { status: response.status, code: response.ok ? undefined : (JSON.parse(text) as { code: string }).code };
}
