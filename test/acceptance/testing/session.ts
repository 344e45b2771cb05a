import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freshFolder, type LineResult, runLine } from "@change-mgmt/cli/testing/run-line.ts";
import { expect } from "vitest";
import type { ChangeView, DeploymentView } from "./road.ts";
import { until } from "./waiting.ts";

/** Everybody who sits at a terminal, by handle, with a token each. */
export interface Desk {
  readonly server: string;
  readonly tokens: Readonly<Record<string, string>>;
}

interface Refused {
  readonly code: string;
  readonly details?: { readonly tests?: readonly string[]; readonly requirements?: readonly string[] };
}

const PAUSE_MS = 100;
/** Who looks at everything and has no vote, whatever could be given by anybody. */
const READER = "audrey";

/** One change, brought from stage to stage by lines that people type. It knows no word of any process. */
export class Session {
  readonly #desk: Desk;
  readonly #folder = freshFolder();
  #number = "";

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get number(): string {
    return this.#number;
  }

  /** Types a line with --json and answers what came of it. */
  async type(who: string, ...line: string[]): Promise<LineResult> {
    return await runLine([...line, "--json"], {
      server: this.#desk.server,
      token: this.#desk.tokens[who]!,
      cwd: this.#folder,
      newKey: randomUUID,
      onPause: () => pause(PAUSE_MS),
    });
  }

  async fine<T = Record<string, unknown>>(who: string, ...line: string[]): Promise<T> {
    const answer = await this.type(who, ...line);
    expect({ line, code: answer.code, said: answer.code === 0 ? "" : answer.stdout }).toEqual({
      line,
      code: 0,
      said: "",
    });
    return answer.json() as T;
  }

  async refused(who: string, ...line: string[]): Promise<Refused> {
    const answer = await this.type(who, ...line);
    expect({ line, code: answer.code }).toEqual({ line, code: 1 });
    return (answer.json() as { problem: Refused }).problem;
  }

  async show(): Promise<ChangeView> {
    return await this.fine<ChangeView>(READER, "show", this.#number);
  }

  /** Somebody asks for a change, in a file. */
  async create(who: string, wanted: { process: string; fields: object; artifacts: readonly object[] }): Promise<void> {
    writeFileSync(join(this.#folder, "change.json"), JSON.stringify(wanted));
    const created = await this.fine<ChangeView>(who, "create", "--from=change.json");
    expect(created).toMatchObject({ status: "draft", requester: who, process: wanted.process });
    this.#number = created.number;
    await this.fine(who, "submit", this.#number);
  }

  /** Assesses it where that is asked, and completes what is open by hand, stage after stage, until it has the status. */
  async workedUntil(who: string, status: ChangeView["status"]): Promise<ChangeView> {
    let assessedIn = "";
    for (;;) {
      const change = await this.show();
      if (change.status === status) return change;
      if (change.assessment === null) {
        await this.fine(who, "assess", this.#number, "--impact=Little.");
        continue;
      }
      if (await this.#stepDone(who, change)) continue;
      if (change.status === "assessing" && assessedIn !== change.stage) {
        // Taken back to here, it is assessed anew.
        await this.fine(who, "assess", this.#number, "--impact=Still little.");
        assessedIn = change.stage;
        continue;
      }
      await until(
        `${this.#number} leaves ${change.stage}`,
        () => this.show(),
        ({ stage }) => stage !== change.stage,
        20_000,
        500,
      );
    }
  }

  /** Completes everything that people can complete now. */
  async stepsDone(who: string): Promise<void> {
    while (await this.#stepDone(who, await this.show())) {
      // One after the other, as each may open another.
    }
  }

  /** Completes one open step of the stage it is in, or else of an earlier one; answers whether there was any. */
  async #stepDone(who: string, { steps, stage }: ChangeView): Promise<boolean> {
    const open = steps.filter((step) => !step.automatic && !step.completed);
    for (const step of [...open.filter((one) => one.stage === stage), ...open.filter((one) => one.stage !== stage)]) {
      const evidence = step.evidenceNeeded.map((kind) =>
        kind === "link" ? "--link=https://git.example/1" : "--note=Done.",
      );
      const answer = await this.type(who, "step", "complete", this.#number, step.id, ...evidence);
      if (answer.code === 0) return true;
      const { code } = (answer.json() as { problem: Refused }).problem;
      expect({ step: step.id, code }).toEqual({ step: step.id, code: "STEP_NOT_IN_STAGE" });
    }
    return false;
  }

  /** Whoever could give what is missing gives it, one after the other, until nothing is missing or the change goes on. */
  async approved(): Promise<void> {
    await this.#voted("approve", "--comment=Fine.");
  }

  /** Those who have a say are against it, one after the other, until it is rejected. */
  async rejected(): Promise<void> {
    await this.#voted("reject", "--comment=Not like this.");
    expect((await this.show()).status).toBe("rejected");
  }

  async #voted(decision: "approve" | "reject", comment: string): Promise<void> {
    const { status } = await this.show();
    const asked = new Set<string>();
    for (;;) {
      const change = await this.show();
      const next = change.approvals
        .flatMap(({ explanation }) => missingIn(explanation))
        .flatMap(({ id, couldBeGivenBy = [] }) => couldBeGivenBy.map((who) => ({ id, who })))
        .find(({ id, who }) => who in this.#desk.tokens && who !== READER && !asked.has(`${id} ${who}`));
      if (change.status !== status || next === undefined) break;
      asked.add(`${next.id} ${next.who}`);
      await this.fine(next.who, decision, this.#number, `--requirement=${next.id}`, comment);
    }
    expect(asked.size).toBeGreaterThan(0);
  }

  /** Completes what is owed and closes it; who has to ratify it does, and where it is to be watched first, `later` lets that time pass. */
  async closed(who: string, ratifying: readonly string[], later: () => void): Promise<void> {
    for (let tries = 0; tries < 10; tries++) {
      await this.stepsDone("dev");
      const answer = await this.type(who, "close", this.#number, "--summary=At the second go.");
      if (answer.code === 0) return;
      const { code, details } = (answer.json() as { problem: Refused }).problem;
      expect(["TESTS_OPEN", "STEPS_OPEN", "OBLIGATIONS_OPEN", "NOT_APPROVED", "MONITORING_PERIOD"]).toContain(code);
      for (const kind of details?.tests ?? []) await this.report("olga", kind);
      if (code === "MONITORING_PERIOD") later();
      if (code === "NOT_APPROVED") for (const one of ratifying) await this.type(one, "approve", this.#number);
    }
    throw new Error(`${this.#number} cannot be closed: ${JSON.stringify(await this.show()).slice(0, 2000)}`);
  }

  /** Deploys it to an environment, handing in the tests that are due and signing off what waits for a person. */
  async deployed(who: string, environment: string): Promise<DeploymentView> {
    const line = ["deploy", this.#number, `--environment=${environment}`, "--no-wait"];
    let asked = await this.type(who, ...line);
    for (let tries = 0; asked.code !== 0 && tries < 10; tries++) {
      const { code, details } = (asked.json() as { problem: Refused }).problem;
      expect({ environment, code }).toEqual({ environment, code: expect.stringMatching(/^(TESTS_OPEN|STEPS_OPEN)$/) });
      for (const kind of details?.tests ?? []) await this.report(who, kind);
      await this.stepsDone(who);
      asked = await this.type(who, ...line);
    }
    return await this.finished(who, (asked.json() as unknown as DeploymentView).id);
  }

  async rolledBack(who: string, environment: string): Promise<DeploymentView> {
    const line = ["rollback", this.#number, `--environment=${environment}`, "--reason=Errors went up.", "--no-wait"];
    return await this.finished(who, (await this.fine<DeploymentView>(who, ...line)).id);
  }

  async report(who: string, kind: string): Promise<void> {
    await this.fine(
      who,
      "report",
      "send",
      this.#number,
      `--kind=${kind}`,
      "--commit=abcd1234",
      "--passed=3",
      "--failed=0",
    );
  }

  /** Waits for the end of a deployment or rollback, signing off what waits for a person, and sees that it succeeded. */
  async finished(who: string, id: string): Promise<DeploymentView> {
    for (;;) {
      const seen = await until(
        `deployment ${id} ends or waits for a person`,
        () => this.fine<DeploymentView>(READER, "deployment", "show", id),
        ({ state, steps }) =>
          ["succeeded", "failed", "cancelled"].includes(state) || steps.some((step) => step.state === "waiting"),
        60_000,
        PAUSE_MS,
      );
      const waits = seen.steps.find((step) => step.state === "waiting");
      if (waits === undefined) {
        expect(seen).toMatchObject({ state: "succeeded", refusal: null });
        return seen;
      }
      const signed = await this.type(who, "sign-off", this.#number, waits.id, "--note=Done.");
      // Whoever looks again before the worker has gone on finds it waiting for what was signed off already.
      if (signed.code !== 0) await pause(PAUSE_MS);
    }
  }
}

type Explanation = ChangeView["approvals"][number]["explanation"];

/** The requirements of an explanation that are not met yet. */
function missingIn(explanation: Explanation): readonly Explanation[] {
  const { met, couldBeGivenBy, children } = explanation;
  if (met) return [];
  return couldBeGivenBy === undefined ? children.flatMap(missingIn) : [explanation];
}
