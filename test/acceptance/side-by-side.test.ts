import type { Change } from "@change-mgmt/domain/change/change.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor, Role } from "@change-mgmt/domain/identity/roles.ts";
import { openSteps } from "@change-mgmt/domain/lifecycle/implementation/checklist.ts";
import { createUser } from "@change-mgmt/server/assets/people/people-commands.ts";
import { Door } from "@change-mgmt/server/commands/execute.ts";
import { loadActor } from "@change-mgmt/server/identity/actors.ts";
import { castVote } from "@change-mgmt/server/lifecycle/approval/cast-vote.ts";
import { assessChange } from "@change-mgmt/server/lifecycle/assessment/assess-change.ts";
import { requestDeployment } from "@change-mgmt/server/lifecycle/deployment/request-deployment.ts";
import { completeStep } from "@change-mgmt/server/lifecycle/implementation/complete-step.ts";
import { submitReport } from "@change-mgmt/server/lifecycle/implementation/submit-report.ts";
import { createChange } from "@change-mgmt/server/lifecycle/requests/create-change.ts";
import { editChange } from "@change-mgmt/server/lifecycle/requests/edit-change.ts";
import { loadChange } from "@change-mgmt/server/storage/change-record.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenInstallation, open } from "../properties/data-layer/installation.ts";
import { handwork } from "./testing/road.ts";

const BOARD = [
  "vp-engineering",
  "technical-lead",
  "security-lead",
  "compliance-lead",
  "product-manager",
  "operations-lead",
];
const HELD = [...BOARD, "executive", "lead-developer", "engineering-manager", "on-call-engineer", "team-lead"];

/** Sunday, in the window of planned changes; nothing is frozen. */
const SUNDAY = "2026-03-01T03:00:00.000Z";

let place: OpenInstallation;
const people: Record<string, Actor> = {};

beforeAll(async () => {
  place = await open();
  const { door, store } = place.installation;
  for (const position of HELD) {
    const roles: Role[] = ["board-member", "developer", "operator"];
    const person = {
      handle: `the-${position}`,
      name: position,
      roles,
      teams: ["data-platform"],
      positions: [{ position }],
    };
    accepted(await door.execute(createUser, person, { actor: place.actors.admin! }));
    people[position] = (await loadActor(store.db, person.handle))!;
  }
  const root = {
    handle: "root",
    name: "Root",
    roles: ["administrator", "operator"] as Role[],
    teams: [],
    positions: [],
  };
  accepted(await door.execute(createUser, root, { actor: place.actors.admin! }));
  people.root = (await loadActor(store.db, "root"))!;
});
afterAll(async () => {
  await place?.close();
});

function accepted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message} ${outcome.refusal.hint}`);
}

/** The door at a moment of our choice. */
function at(moment: string): Door {
  const { store, processes } = place.installation;
  return new Door({ db: store.db, processes, now: () => new Date(moment) });
}

async function now(id: string): Promise<Change> {
  return accepted(await loadChange(place.installation.store.db, id));
}

async function made(process: string, fields: Record<string, unknown>): Promise<string> {
  const input = {
    process,
    submit: true,
    artifacts: [handwork("look")],
    fields: { title: "Look", description: "Somebody looks.", components: ["data-layer"], ...fields },
  };
  return accepted(await at(SUNDAY).execute(createChange, input, { actor: place.actors.rosa! })).id;
}

/** Assesses it and completes what is open by hand, stage after stage, until nothing is or the change is there. */
async function workedUntil(id: string, status: Change["status"]): Promise<Change> {
  const actor = place.actors.dev!;
  accepted(await at(SUNDAY).execute(assessChange, { id, impact: "Little." }, { actor }));
  for (;;) {
    const change = await now(id);
    const process = await place.installation.processes.pinned(place.installation.store.db, change.process.hash);
    const step = openSteps(process, change).find((one) => !one.automatic);
    if (change.status === status || step === undefined) return change;
    const evidence = step.evidenceNeeded.map((kind) => ({
      kind,
      value: kind === "link" ? "https://git.example/1" : "Done.",
    }));
    accepted(await at(SUNDAY).execute(completeStep, { id, step: step.id, evidence }, { actor }));
  }
}

async function vote(id: string, position: string, decision: "approve" | "reject" | "abstain", requirement?: string) {
  const { contentHash } = await now(id);
  const input = {
    id,
    decision,
    contentHash,
    comment: "As said.",
    ...(requirement === undefined ? {} : { requirement }),
  };
  return await at(SUNDAY).execute(castVote, input, { actor: people[position] ?? place.actors[position]! });
}

const planned = {
  justification: "Needed.",
  impact: "low",
  probability: "low",
  rollbackPlan: "Look away.",
  testingCompleted: "Looked.",
  monitoringPlan: "Look on.",
  implementationPlan: "Look.",
  validationSteps: "Look again.",
};

const controlled = {
  type: "standard",
  kind: "documentation",
  solution: "Look.",
  expectedImpact: "None.",
  rollbackPlan: "Look away.",
  impact: "minimal",
  likelihood: "very-low",
};

test("four processes number their changes side by side, two of them in one sequence", async () => {
  const numbers: string[] = [];
  for (const [process, fields] of [
    ["data-layer", { type: "add-field", tables: ["users"] }],
    ["itil", { ...planned, type: "standard" }],
    ["change-control", controlled],
    ["snapshot", { type: "data", views: ["words"], items: 3 }],
  ] as const) {
    const change = await now(await made(process, fields));
    expect(change.process.name).toBe(process);
    numbers.push(change.number);
  }
  const [first, second, third, fourth] = numbers.map((number) => Number(/(\d+)$/.exec(number)![1]));
  expect(numbers).toMatchObject([
    expect.stringMatching(/^CHG-\d+$/),
    expect.stringMatching(/^CR-2026-\d{4}$/),
    expect.stringMatching(/^CR-2026-\d{3}$/),
    expect.stringMatching(/^CHG-\d+$/),
  ]);
  expect([third! - second!, fourth! - first!]).toEqual([1, 1]);
});

describe("a board", () => {
  test("of whom all vote at once loses no vote, and its decision is acted on once", async () => {
    const id = await made("change-control", controlled);
    expect((await workedUntil(id, "awaiting_approval")).stage).toBe("board-review");
    accepted(await vote(id, "dev", "approve", "developer"));
    const outcomes = await Promise.all(BOARD.map((position) => vote(id, position, "approve", "ccb")));
    // Whoever comes after the decision finds the change gone on; the majority of four is heard whatever the order.
    const cast = outcomes.filter((outcome) => outcome.ok);
    expect(cast.length).toBeGreaterThanOrEqual(4);
    const change = await now(id);
    expect(change.status).toBe("implementing");
    expect(change.votes.filter((one) => one.requirement === "ccb")).toHaveLength(cast.length);
    const moves = await place.installation.store.db
      .selectFrom("change_history")
      .select("to_stage")
      .where("change_id", "=", id)
      .where("to_stage", "=", "implementation")
      .execute();
    expect(moves).toHaveLength(1);
  });

  test("goes on while one is against it, and what most are against is rejected", async () => {
    const id = await made("change-control", controlled);
    await workedUntil(id, "awaiting_approval");
    accepted(await vote(id, "product-manager", "reject", "ccb"));
    accepted(await vote(id, "security-lead", "abstain", "ccb"));
    expect((await now(id)).status).toBe("awaiting_approval");
    accepted(await vote(id, "compliance-lead", "reject", "ccb"));
    accepted(await vote(id, "operations-lead", "reject", "ccb"));
    expect((await now(id)).status).toBe("rejected");
  });

  test("takes no vote of somebody without a seat, nor of whoever requested the change", async () => {
    const id = await made("change-control", controlled);
    await workedUntil(id, "awaiting_approval");
    expect(await vote(id, "executive", "approve", "ccb")).toMatchObject({ refusal: { code: "NOT_AN_APPROVER" } });
    expect(await vote(id, "rosa", "approve", "ccb")).toMatchObject({ refusal: { code: "OWN_CHANGE" } });
  });

  test("votes anew on what was edited after it had decided", async () => {
    const id = await made("change-control", controlled);
    await workedUntil(id, "awaiting_approval");
    accepted(await vote(id, "dev", "approve", "developer"));
    for (const position of BOARD.slice(0, 4)) accepted(await vote(id, position, "approve", "ccb"));
    expect((await now(id)).status).toBe("implementing");
    const edit = { id, fields: { solution: "Look twice." } };
    accepted(await at(SUNDAY).execute(editChange, edit, { actor: place.actors.rosa! }));
    expect((await now(id)).stage).toBe("technical-assessment");
    expect((await workedUntil(id, "awaiting_approval")).stage).toBe("board-review");
    expect(await vote(id, "vp-engineering", "approve", "ccb")).toMatchObject({ ok: true });
    expect((await now(id)).status).toBe("awaiting_approval");
  });
});

describe("windows", () => {
  const approved = async (type: "standard" | "emergency") => {
    const id = await made("itil", { ...planned, type });
    await workedUntil(id, "awaiting_approval");
    accepted(await vote(id, "team-lead", "approve", "team-lead"));
    if (type === "emergency") {
      accepted(await vote(id, "on-call-engineer", "approve", "on-call"));
      accepted(await vote(id, "engineering-manager", "approve", "engineering-manager"));
    }
    expect((await now(id)).status).toBe("approved");
    return id;
  };
  const deploy = (id: string, environment: string, moment: string, who = "olga") =>
    at(moment).execute(requestDeployment, { id, environment }, { actor: people[who] ?? place.actors[who]! });

  test("let a planned change start in them and at no other time, whoever asks", async () => {
    const id = await approved("standard");
    accepted(await deploy(id, "development", "2026-03-04T23:00:00Z"));
    const other = await approved("standard");
    for (const who of ["olga", "lena", "engineering-manager", "root"]) {
      expect(await deploy(other, "development", "2026-12-25T12:00:00Z", who)).toMatchObject({
        refusal: { code: "FROZEN" },
      });
    }
  });

  test("are open to an emergency at any time, with its approval", async () => {
    const id = await approved("emergency");
    const asked = await deploy(id, "development", "2026-12-25T12:00:00Z");
    expect(asked.ok ? "started" : asked.refusal.code).toBe("ENVIRONMENT_BUSY");
  });
});

test("tests that are due are asked for when the deployment starts, and a report of an unknown kind is refused", async () => {
  const id = await made("change-control", controlled);
  await workedUntil(id, "awaiting_approval");
  accepted(await vote(id, "dev", "approve", "developer"));
  for (const position of BOARD.slice(0, 4)) accepted(await vote(id, position, "approve", "ccb"));
  expect((await workedUntil(id, "approved")).stage).toBe("ready-to-deploy");
  const actor = place.actors.olga!;
  const deploy = () => at(SUNDAY).execute(requestDeployment, { id, environment: "development" }, { actor });
  expect(await deploy()).toMatchObject({
    refusal: { code: "TESTS_OPEN", details: { tests: ["full-regression", "unit"] } },
  });
  const report = (kind: string) =>
    at(SUNDAY).execute(submitReport, { id, kind, commit: "abcd1234", passed: 3, failed: 0 }, { actor });
  expect(await report("units")).toMatchObject({
    refusal: { code: "REPORT_KIND_UNKNOWN", hint: 'Did you mean "unit"?' },
  });
  accepted(await report("unit"));
  accepted(await report("full-regression"));
  // Nobody carries out here what was asked for before, so the environment is still taken; that is looked at after the gates.
  expect(await deploy()).toMatchObject({ refusal: { code: "ENVIRONMENT_BUSY" } });
});
