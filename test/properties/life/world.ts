import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { castVote } from "@change-mgmt/server/lifecycle/approval/cast-vote.ts";
import { reworkChange } from "@change-mgmt/server/lifecycle/approval/rework-change.ts";
import { assessChange } from "@change-mgmt/server/lifecycle/assessment/assess-change.ts";
import { requestDeployment } from "@change-mgmt/server/lifecycle/deployment/request-deployment.ts";
import { requestRollback } from "@change-mgmt/server/lifecycle/deployment/request-rollback.ts";
import { signOffStep, stopDeployment } from "@change-mgmt/server/lifecycle/deployment/stop-deployment.ts";
import { addStep } from "@change-mgmt/server/lifecycle/implementation/add-step.ts";
import { attachFile } from "@change-mgmt/server/lifecycle/implementation/attach-file.ts";
import { completeStep } from "@change-mgmt/server/lifecycle/implementation/complete-step.ts";
import { closeChange } from "@change-mgmt/server/lifecycle/monitoring/close-change.ts";
import { cancelChange } from "@change-mgmt/server/lifecycle/requests/cancel-change.ts";
import { commentOnChange } from "@change-mgmt/server/lifecycle/requests/comment-on-change.ts";
import { createChange } from "@change-mgmt/server/lifecycle/requests/create-change.ts";
import { editChange } from "@change-mgmt/server/lifecycle/requests/edit-change.ts";
import { submitChange } from "@change-mgmt/server/lifecycle/requests/submit-change.ts";
import { loadChange } from "@change-mgmt/server/storage/change-record.ts";
import { startWorker, type Worker } from "@change-mgmt/server/worker/worker.ts";
import { type OpenInstallation, open } from "../data-layer/installation.ts";
import type { Act, Around, Seen, StageId } from "./model.ts";

const HANDWORK = {
  kind: "manual",
  id: "look",
  name: "Look",
  steps: [{ id: "look", title: "Look", undo: "Look away" }],
};
const NOWHERE = "01a00000-0000-7000-8000-000000000000";
const LOOK_MS = 15;

type AnyCommand = Parameters<OpenInstallation["installation"]["door"]["execute"]>[0];

/** The product in this process: its store, its door, its worker; and what can be seen of it from outside. */
export class World {
  readonly #place: OpenInstallation;
  readonly #worker: Worker;
  readonly said: string[] = [];
  #texts = 0;

  private constructor(place: OpenInstallation, worker: Worker, said: string[]) {
    this.#place = place;
    this.#worker = worker;
    this.said = said;
  }

  static async open(): Promise<World> {
    const place = await open();
    const { installation } = place;
    const { store, handlers, key } = installation;
    const said: string[] = [];
    const worker = await startWorker({ store, handlers, key, say: (line) => void said.push(line) });
    installation.onCommit = (events) => worker.wake(events);
    return new World(place, worker, said);
  }

  async close(): Promise<void> {
    await this.#worker.close();
    await this.#place.close();
  }

  actor(handle: string): Actor {
    return this.#place.actors[handle]!;
  }

  async sql<T>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.#place.installation.store.pool.query(text, values as unknown[])).rows as T[];
  }

  /** A draft of somebody; answers its id. */
  async draft(handle: string, manual: boolean): Promise<string> {
    const fields = {
      type: "add-field",
      title: "A field",
      description: "Somebody wants it.",
      components: ["data-layer"],
      tables: ["users"],
    };
    const input = { fields, artifacts: manual ? [HANDWORK] : [], submit: false };
    const made = await this.#place.installation.door.execute(createChange, input, { actor: this.actor(handle) });
    if (!made.ok) throw new Error(`${made.refusal.code}: ${made.refusal.message}`);
    return made.value.id;
  }

  /** Sends one act through the door. */
  async send(
    act: Act,
    handle: string,
    seen: Seen,
    { version, unknown }: { version: number | undefined; unknown: boolean },
  ): Promise<Outcome<unknown>> {
    const id = unknown ? NOWHERE : seen.id;
    const request = { actor: this.actor(handle), ...(version === undefined ? {} : { expectedVersion: version }) };
    const [command, input] = this.#commandOf(act, seen, unknown);
    return await this.#place.installation.door.execute(command, { ...input, id }, request);
  }

  #commandOf(act: Act, seen: Seen, unknown: boolean): [AnyCommand, object] {
    const any = (command: unknown, input: object): [AnyCommand, object] => [command as AnyCommand, input];
    const reason = "Because.";
    switch (act.do) {
      case "submit":
        return any(submitChange, {});
      case "edit":
        return any(editChange, { fields: act.text === undefined ? {} : { description: act.text } });
      case "assess":
        return any(assessChange, { impact: "None to speak of." });
      case "complete": {
        const values = { note: "done", link: "https://git.example/1", report: "r1", file: "f1" };
        const evidence = act.evidence.map((kind) => ({ kind, value: values[kind as "note"] ?? "done" }));
        return any(completeStep, { step: act.step, evidence });
      }
      case "add-step":
        return any(addStep, { title: "Ask once more", stage: act.stage });
      case "vote":
        return any(castVote, {
          decision: act.decision,
          contentHash: act.hash,
          ...(act.comment ? { comment: "So I think." } : {}),
        });
      case "rework":
        return any(reworkChange, { reason });
      case "cancel":
        return any(cancelChange, { reason });
      case "close":
        return any(closeChange, {});
      case "comment":
        return any(commentOnChange, { text: "Well.", attachments: [] });
      case "attach": {
        this.#texts += 1;
        const bytes = Buffer.from(`file ${this.#texts}`);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        const command = attachFile(bytes, { bytes: 1000, count: 1000 });
        return any(command, { name: `f${this.#texts}.txt`, size: bytes.length, sha256 });
      }
      case "deploy":
        return any(requestDeployment, { environment: act.environment });
      case "roll-back":
        return any(requestRollback, { environment: act.environment, reason });
      case "sign-off":
        return any(signOffStep, { step: act.step });
      case "stop":
        return any(stopDeployment, { deployment: unknown ? NOWHERE : (seen.running?.id ?? NOWHERE), reason });
    }
  }

  /** Waits until nothing is under way in the background but deployments that wait for somebody. */
  async quiet(): Promise<void> {
    for (let looks = 0; looks < 4000; looks++) {
      const [row] = await this.sql<{ open: number }>(`
        SELECT (SELECT count(*) FROM change_mgmt.outbox WHERE sent_at IS NULL)
          + (SELECT count(*) FROM change_mgmt_jobs.job WHERE state < 'completed' AND name <> 'dead-letters')
          + (SELECT count(*) FROM change_mgmt.deployments WHERE state IN ('requested', 'running')
               OR (state = 'waiting' AND cancelled_by IS NOT NULL)) AS open`);
      if (Number(row!.open) === 0) return;
      await pause(LOOK_MS);
    }
    throw new Error(`the background does not come to rest: ${this.said.slice(-5).join("; ")}`);
  }

  async look(id: string): Promise<Seen> {
    const found = await loadChange(this.#place.installation.store.db, id);
    if (!found.ok) throw new Error(found.refusal.message);
    const change = found.value;
    const environments = await this.sql<{ environment: string; state: string }>(
      "SELECT environment, state FROM change_mgmt.change_environments WHERE change_id = $1",
      [id],
    );
    const [running] = await this.sql<NonNullable<Seen["running"]>>(
      `SELECT d.id, d.environment, d.direction,
         (SELECT s.step FROM change_mgmt.deployment_steps s WHERE s.deployment_id = d.id AND s.state = 'waiting' LIMIT 1) AS "waitsFor"
       FROM change_mgmt.deployments d WHERE d.change_id = $1 AND d.state IN ('requested', 'running', 'waiting')`,
      [id],
    );
    return {
      id,
      number: change.number,
      version: change.version,
      stage: change.stage as StageId,
      status: change.status,
      requester: change.requester,
      assignee: change.assignee,
      team: change.team,
      contentHash: change.contentHash,
      manual: change.artifacts.length > 0,
      steps: change.steps.map((step) => ({
        id: step.id,
        stage: step.stage as StageId,
        automatic: step.automatic,
        done: step.completed !== undefined,
        evidence: step.evidenceNeeded,
      })),
      votes: change.votes,
      environments: Object.fromEntries(environments.map(({ environment, state }) => [environment, state])),
      running,
    };
  }

  /** Who has which environment in hand, and where a change came after the one that is looked at. */
  async around(id: string): Promise<Around> {
    const busy = await this.sql<{ environment: string; id: string }>(
      "SELECT environment, id FROM change_mgmt.deployments WHERE state IN ('requested', 'running', 'waiting')",
    );
    const newer = await this.sql<{ environment: string }>(
      `SELECT mine.environment FROM change_mgmt.change_environments mine JOIN change_mgmt.deployments m ON m.id = mine.deployment_id
       WHERE mine.change_id = $1 AND EXISTS (
         SELECT 1 FROM change_mgmt.change_environments other WHERE other.environment = mine.environment AND other.change_id <> $1
           AND other.state IN ('deployed', 'failed') AND other.deployment_id > coalesce((m.plan ->> 'continues')::uuid, m.id))`,
      [id],
    );
    return {
      busy: Object.fromEntries(busy.map((row) => [row.environment, row.id])),
      others: Object.fromEntries(newer.map((row) => [row.environment, true])),
    };
  }
}
