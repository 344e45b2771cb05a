import { STAGES, type StageId } from "./model.ts";
import type { World } from "./world.ts";

/** Moves that the life of a change knows, by what caused them. */
const MOVES: Readonly<Record<string, readonly string[]>> = {
  submit: ["draft>request-submission"],
  ready: [
    "request-submission>impact-analysis",
    "impact-analysis>planning",
    "planning>implementation",
    "implementation>validation",
    "validation>review",
    "review>ready",
  ],
  edit: ["review>validation", "ready>validation", "failed>validation", "rolled-back>validation"],
  rework: ["validation", "review", "ready", "failed", "rolled-back", "rejected"].map(
    (from) => `${from}>implementation`,
  ),
  reject: ["review>rejected", "ready>rejected"],
  deploy: ["ready>deploying", "failed>deploying", "rolled-back>deploying"],
  deployed: ["deploying>ready", "deploying>post-deployment"],
  "deployment-failed": ["deploying>failed"],
  rollback: ["ready", "failed", "rolled-back", "post-deployment"].map((from) => `${from}>rolling-back`),
  "rolled-back": ["rolling-back>rolled-back"],
  "rollback-failed": ["rolling-back>failed"],
  close: ["post-deployment>closed"],
};

/** Whatever happened to these changes: what is wrong with what is stored, in words; nothing when all promises hold. */
export async function brokenPromises(world: World, changes: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  const ask = async <T>(text: string) => await world.sql<T>(text, [changes]);
  const none = async (what: string, text: string) => {
    const rows = await ask<object>(text);
    if (rows.length > 0) wrong.push(`${what}: ${JSON.stringify(rows)}`);
  };
  await none(
    "deployed without an approval of what it says by a member of the owning team other than the requester",
    `SELECT c.number, d.environment FROM change_mgmt.deployments d JOIN change_mgmt.change_requests c ON c.id = d.change_id
     WHERE d.change_id = ANY($1) AND d.direction = 'deploy' AND NOT EXISTS (
       SELECT 1 FROM change_mgmt.change_approvals a JOIN change_mgmt.team_members m ON m.handle = a.voter AND m.team = c.team
       WHERE a.change_id = c.id AND a.decision = 'approve' AND a.content_hash = d.content_hash AND a.voter <> c.requester
         AND a.created_at <= d.requested_at)`,
  );
  await none(
    "deployed over somebody's objection to what it says",
    `SELECT c.number, d.environment FROM change_mgmt.deployments d JOIN change_mgmt.change_requests c ON c.id = d.change_id
     JOIN change_mgmt.change_approvals a ON a.change_id = c.id AND a.decision = 'reject' AND a.content_hash = d.content_hash
       AND a.created_at < d.requested_at
     WHERE d.change_id = ANY($1) AND d.direction = 'deploy'`,
  );
  await none(
    "in production without having been validated, or without the environments before it",
    `SELECT c.number FROM change_mgmt.deployments d JOIN change_mgmt.change_requests c ON c.id = d.change_id
     JOIN change_mgmt.workflow_states w ON w.change_id = c.id
     WHERE d.change_id = ANY($1) AND d.direction = 'deploy' AND d.environment = 'production' AND (
       (d.state IN ('requested', 'running', 'waiting') AND EXISTS (
         SELECT 1 FROM jsonb_array_elements(w.step_data) s WHERE s ->> 'id' IN ('completeness', 'breaking-check', 'automated-tests', 'code-review', 'integration-tests')
           AND s -> 'completed' IS NULL))
       OR NOT EXISTS (SELECT 1 FROM change_mgmt.change_history h WHERE h.change_id = c.id AND h.from_stage = 'validation' AND h.to_stage = 'review'
            AND h.created_at <= d.requested_at)
       OR (SELECT count(DISTINCT b.environment) FROM change_mgmt.deployments b WHERE b.change_id = c.id AND b.direction = 'deploy'
            AND b.state = 'succeeded' AND b.environment IN ('development', 'staging') AND b.requested_at <= d.requested_at) < 2)`,
  );
  await none(
    "two deployments in one environment",
    `SELECT environment, count(*) FROM change_mgmt.deployments WHERE state IN ('requested', 'running', 'waiting') AND $1::uuid[] IS NOT NULL
     GROUP BY environment HAVING count(*) > 1`,
  );
  await none(
    "a vote twice, or on one's own",
    `SELECT c.number, a.voter FROM change_mgmt.change_approvals a JOIN change_mgmt.change_requests c ON c.id = a.change_id
     WHERE a.change_id = ANY($1) GROUP BY c.number, c.requester, a.voter, a.requirement, a.environment, a.content_hash
     HAVING count(*) > 1 OR a.voter = c.requester`,
  );
  await none(
    "a vote without its entry in the trail, or the other way round",
    `SELECT coalesce(a.change_id, t.change_id) AS change, a.n AS votes, t.n AS told FROM
       (SELECT change_id, voter, content_hash, decision, count(*) AS n FROM change_mgmt.change_approvals
        WHERE change_id = ANY($1) GROUP BY 1, 2, 3, 4) a
     FULL JOIN (SELECT change_id, actor AS voter, details ->> 'contentHash' AS content_hash,
         CASE action WHEN 'vote.approved' THEN 'approve' WHEN 'vote.rejected' THEN 'reject' ELSE 'abstain' END AS decision, count(*) AS n
        FROM change_mgmt.audit_trail WHERE change_id = ANY($1) AND action IN ('vote.approved', 'vote.rejected', 'vote.abstained')
        GROUP BY 1, 2, 3, 4) t USING (change_id, voter, content_hash, decision)
     WHERE a.n IS DISTINCT FROM t.n`,
  );
  await none(
    "a number twice",
    "SELECT number FROM change_mgmt.change_requests WHERE $1::uuid[] IS NOT NULL GROUP BY number HAVING count(*) > 1",
  );
  await none(
    "an event without its entry in the trail, or an entry without its event",
    `SELECT action, t.n AS entries, o.n AS events FROM
       (SELECT action, change_id, count(*) AS n FROM change_mgmt.audit_trail
        WHERE change_id = ANY($1) AND (entry::jsonb ->> 'outcome') = 'done' GROUP BY 1, 2) t
     FULL JOIN (SELECT event AS action, change_id, count(*) AS n FROM change_mgmt.outbox
        WHERE change_id = ANY($1) AND event <> 'deployment.orphaned' GROUP BY 1, 2) o USING (action, change_id)
     WHERE t.n IS DISTINCT FROM o.n`,
  );
  await none(
    "a stream of the trail with a hole",
    `SELECT stream FROM change_mgmt.audit_trail WHERE stream = ANY($1::text[]) GROUP BY stream
     HAVING max(stream_seq) <> count(*) OR count(DISTINCT stream_seq) <> count(*)`,
  );
  wrong.push(...(await brokenHistory(world, changes)));
  return wrong;
}

/** Whether status and history of each change are those of its stage, and every move one that there is. */
async function brokenHistory(world: World, changes: readonly string[]): Promise<string[]> {
  const rows = await world.sql<{
    number: string;
    status: string;
    stage: StageId;
    moves: [string, string, string][] | null;
  }>(
    `SELECT c.number, c.status, w.current_step AS stage,
       (SELECT json_agg(json_build_array(h.from_stage, h.to_stage, h.trigger) ORDER BY h.id)
        FROM change_mgmt.change_history h WHERE h.change_id = c.id) AS moves
     FROM change_mgmt.change_requests c JOIN change_mgmt.workflow_states w ON w.change_id = c.id WHERE c.id = ANY($1)`,
    [changes],
  );
  return rows.flatMap(({ number, status, stage, moves }) => {
    const wrong = STAGES[stage] === status ? [] : [`${number} is ${status} in stage ${stage}`];
    let at = "draft";
    for (const [from, to, trigger] of moves ?? []) {
      if (from !== at) wrong.push(`${number} moved from ${from} while it was in ${at}`);
      if (trigger !== "cancel" && !MOVES[trigger]?.includes(`${from}>${to}`))
        wrong.push(`${number} went from ${from} to ${to} by ${trigger}`);
      at = to;
    }
    return at === stage ? wrong : [...wrong, `${number} is in ${stage}, and its history ends in ${at}`];
  });
}

/** A fingerprint of what these changes consist of, for a refusal to leave as it was. */
export async function fingerprint(world: World, changes: readonly string[]): Promise<string> {
  const tables = [
    ["change_requests", "id"],
    ["workflow_states", "change_id"],
    ["change_approvals", "change_id"],
    ["change_comments", "change_id"],
    ["change_history", "change_id"],
    ["change_environments", "change_id"],
    ["attachments", "change_id"],
    ["deployments", "change_id"],
    ["outbox", "change_id"],
  ] as const;
  const parts = tables.map(
    ([table, column]) =>
      `(SELECT coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') FROM change_mgmt.${table} t WHERE t.${column} = ANY($1))`,
  );
  const [row] = await world.sql<{ print: string }>(`SELECT concat_ws(' ', ${parts.join(", ")}) AS print`, [changes]);
  return row!.print;
}
