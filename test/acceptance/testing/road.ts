import type { CallInput, CallOutput } from "@change-mgmt/api/client.ts";
import { expect } from "vitest";
import { Diary } from "./diary.ts";
import type { People, Person } from "./people.ts";
import { until } from "./waiting.ts";

export type ChangeView = CallOutput<"changes.get">;
export type DeploymentView = CallOutput<"deployments.get">;
type ArtifactInput = NonNullable<CallInput<"changes.create">["body"]["artifacts"]>[number];

export interface Wanted {
  readonly title?: string;
  readonly fields?: Record<string, unknown>;
  readonly artifacts: readonly ArtifactInput[];
}

/** A migration of the sample's shop with its way back. */
export function migration(id: string, up: string, down: string | null, more: object = {}): ArtifactInput {
  return { kind: "migration", id, name: `${id}.sql`, up, down, ...more };
}

/** Manual steps, which need no database. */
export function handwork(id: string): ArtifactInput {
  return { kind: "manual", id, name: id, steps: [{ id: "look", title: "Look", undo: "Look away" }] };
}

/** The body that asks for a change which adds a field. */
export function wish({ title = "Add a field", fields = {}, artifacts }: Wanted) {
  return {
    fields: {
      type: "add-field",
      title,
      description: "Customers want it.",
      components: ["data-layer"],
      tables: ["users"],
      ...fields,
    },
    artifacts: [...artifacts],
  };
}

/** The road of one change, walked by the people of the sample; what they do is kept in the diary. */
export class Road {
  readonly people: People;
  readonly diary: Diary;
  readonly change: ChangeView;

  private constructor(people: People, diary: Diary, change: ChangeView) {
    this.people = people;
    this.diary = diary;
    this.change = change;
  }

  /** Rosa creates and submits a change. */
  static async begin(people: People, wanted: Wanted, diary = new Diary()): Promise<Road> {
    const { rosa } = people;
    const change = await diary.did(rosa, "change.created", rosa.ask("changes.create", { body: wish(wanted) }));
    const road = new Road(people, diary, change);
    await diary.did(rosa, "change.submitted", rosa.ask("changes.submit", { params: road.params, body: {} }));
    return road;
  }

  get number(): string {
    return this.change.number;
  }

  get params(): { id: string } {
    return { id: this.change.number };
  }

  async now(who: Person = this.people.audrey): Promise<ChangeView> {
    return await who.ask("changes.get", { params: this.params });
  }

  async at(status: string): Promise<ChangeView> {
    return await until(
      `${this.number} is ${status}`,
      () => this.now(),
      (change) => change.status === status,
    );
  }

  async assess(): Promise<ChangeView> {
    const { dev } = this.people;
    return await this.diary.did(
      dev,
      "change.assessed",
      dev.ask("changes.assess", {
        params: this.params,
        body: { impact: "One column more; nobody reads differently." },
      }),
    );
  }

  /** Somebody completes a step with evidence of the kind it asks for. */
  async complete(who: Person, stepId: string, kind: "note" | "link" = "note"): Promise<ChangeView> {
    const value = kind === "link" ? "https://git.example/shop/pull/41" : `${stepId} is done`;
    return await this.diary.did(
      who,
      "step.completed",
      who.ask("changes.completeStep", { params: { ...this.params, stepId }, body: { evidence: [{ kind, value }] } }),
    );
  }

  /** Completes by hand, stage after stage, whatever is open, until the change has the status and nothing of its stage is open. */
  async completeUntil(status: string, who: Person = this.people.dev): Promise<ChangeView> {
    return (await until(
      `${this.number} is ${status} with every step done`,
      async () => {
        const change = await this.now();
        const open = change.steps.find((step) => step.stage === change.stage && !step.automatic && !step.completed);
        if (!open) return change;
        await this.complete(who, open.id, open.evidenceNeeded[0] === "link" ? "link" : "note");
        return undefined;
      },
      (change) => change?.status === status,
    )) as ChangeView;
  }

  /** From submitted to the votes: assessed, every step with its evidence, rehearsed and validated. */
  async untilVotes(): Promise<ChangeView> {
    await this.assess();
    return await this.completeUntil("awaiting_approval");
  }

  async approve(who: Person): Promise<ChangeView> {
    const { contentHash } = await this.now();
    return await this.diary.did(
      who,
      "vote.approved",
      who.ask("changes.vote", { params: this.params, body: { decision: "approve", contentHash } }),
    );
  }

  /** From submitted to approved, by the architect too where the change is breaking. */
  async untilApproved(): Promise<ChangeView> {
    const { breaking } = await this.untilVotes();
    await this.approve(this.people.lena);
    if (breaking) await this.approve(this.people.archie);
    return await this.at("approved");
  }

  /** Asks for a deployment, without waiting for its end. */
  async requestDeployment(environment: string): Promise<DeploymentView> {
    const { olga } = this.people;
    return await this.diary.did(
      olga,
      "deployment.requested",
      olga.ask("changes.deploy", { params: this.params, body: { environment } }),
      this.number,
    );
  }

  async ended(deployment: DeploymentView, who: Person = this.people.audrey): Promise<DeploymentView> {
    return await until(
      `the ${deployment.direction} of ${this.number} in ${deployment.environment} ends`,
      () => who.ask("deployments.get", { params: { id: deployment.id } }),
      ({ state }) => ["succeeded", "failed", "cancelled"].includes(state),
    );
  }

  /** Deploys and waits for the end, whatever it is. */
  async deploy(environment: string): Promise<DeploymentView> {
    return await this.ended(await this.requestDeployment(environment));
  }

  /** Deploys and sees that it succeeds. */
  async deployed(environment: string): Promise<DeploymentView> {
    const end = await this.deploy(environment);
    expect({ environment, state: end.state, refusal: end.refusal }).toEqual({
      environment,
      state: "succeeded",
      refusal: null,
    });
    return end;
  }

  async rollBack(environment: string): Promise<DeploymentView> {
    const { olga } = this.people;
    const begun = await this.diary.did(
      olga,
      "rollback.requested",
      olga.ask("changes.rollback", { params: this.params, body: { environment, reason: "Errors went up." } }),
      this.number,
    );
    return await this.ended(begun);
  }
}
