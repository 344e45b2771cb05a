import type { Client as Ask } from "@change-mgmt/api/client.ts";
import { type ChangeView, handwork, wish } from "../../acceptance/testing/road.ts";

/** The next request of somebody who takes a change on through its life as it should go. */
export interface Scene {
  readonly id: string;
  readonly sender: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const ENVIRONMENTS = ["development", "staging", "production"];
const reason = "Because.";

/**
 * What leads a change on from where it stands: to production, once back out of it, there again, and to its end; undefined while only the
 * work in the background can. Between these requests anything may be sent that meets the change in every state it has.
 */
export function nextScene(change: ChangeView, waitsFor: string | null, wasRolledBack: boolean): Scene | undefined {
  const { number, status, steps, stage, environments } = change;
  const scene = (id: string, sender: string, body: unknown, more: Record<string, string> = {}): Scene => ({
    id,
    sender,
    params: { id: number, ...more },
    body,
  });
  const open = steps.find((step) => step.stage === stage && !step.automatic && !step.completed);
  const evidence = ["note", "link"].map((kind) => ({
    kind,
    value: kind === "note" ? "Done." : "https://git.example/1",
  }));
  switch (status) {
    case "draft":
      return scene("changes.submit", "rosa", {});
    case "deploying":
    case "rolling_back":
      return waitsFor === null ? undefined : scene("changes.signOff", "dev", { step: waitsFor });
    case "rejected":
      return scene("changes.rework", "rosa", { reason });
  }
  if (open) return scene("changes.completeStep", "dev", { evidence }, { stepId: open.id });
  if (status === "assessing") return scene("changes.assess", "dev", { impact: "None." });
  if (status === "awaiting_approval")
    return scene("changes.vote", "lena", { decision: "approve", contentHash: change.contentHash });
  if (status === "monitoring")
    return wasRolledBack
      ? scene("changes.close", "rosa", {})
      : scene("changes.rollback", "olga", { environment: "production", reason });
  const next = ENVIRONMENTS.find((name) => environments.find((one) => one.environment === name)?.state !== "deployed");
  return next === undefined ? undefined : scene("changes.deploy", "olga", { environment: next });
}

/** Stands in requests for the change that is led on, and for its newest deployment, whichever these are when a request goes out. */
export const SCENE_CHANGE = "CHG-SCENE";
export const SCENE_DEPLOYMENT = "01a00000-0000-7000-8000-00000005ce4e";

/** Steps after which a change that does not come to its end is left: what was sent in between may have seen to that. */
const LONGEST = 60;
const ENDED = ["closed", "cancelled"];
const UNDER_WAY = ["requested", "running", "waiting"];

type Client = (handle: string) => Promise<Ask>;

/** Changes that are led through their lives, one after the other. */
export class Scenes {
  readonly #as: Client;
  #number = "CHG-1";
  #deployment: string = SCENE_DEPLOYMENT;
  #steps = LONGEST;

  constructor(as: Client) {
    this.#as = as;
  }

  /** What goes out in place of a text that speaks of the scene. */
  filled(text: string): string {
    return text.replaceAll(SCENE_CHANGE, this.#number).replaceAll(SCENE_DEPLOYMENT, this.#deployment);
  }

  async next(): Promise<Scene | undefined> {
    const reader = await this.#as("audrey");
    let change = await reader("changes.get", { params: { id: this.#number } });
    this.#steps += 1;
    if (this.#steps > LONGEST || ENDED.includes(change.status)) {
      await this.#leave();
      const rosa = await this.#as("rosa");
      change = await rosa("changes.create", { body: wish({ artifacts: [handwork("look")] }) });
      this.#number = change.number;
      this.#steps = 0;
    }
    const { items } = await reader("changes.deployments", { params: { id: this.#number } });
    const running = items.find(({ state }) => UNDER_WAY.includes(state));
    this.#deployment = running?.id ?? items.at(-1)?.id ?? SCENE_DEPLOYMENT;
    const waitsFor = running?.steps.find(({ state }) => state === "waiting")?.id ?? null;
    return nextScene(
      change,
      waitsFor,
      items.some(({ direction }) => direction === "rollback"),
    );
  }

  /** Leaves no environment in the hand of a change that is left. */
  async #leave(): Promise<void> {
    const olga = await this.#as("olga");
    const { items } = await olga("changes.deployments", { params: { id: this.#number } });
    for (const { id, state } of items)
      if (UNDER_WAY.includes(state)) await olga("deployments.cancel", { params: { id }, body: { reason } });
  }
}
