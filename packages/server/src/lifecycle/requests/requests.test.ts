import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { aProcess } from "@change-mgmt/domain/testing/builders.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadChange } from "../../storage/change-record.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import {
  accepted,
  aQuickProcess,
  aSmallWorkspace,
  refused,
  type SmallWorkspace,
} from "../../testing/small-workspace.ts";
import { openedStore } from "../../testing/stores.ts";
import { castVote } from "../approval/cast-vote.ts";
import { assessChange } from "../assessment/assess-change.ts";
import { cancelChange } from "./cancel-change.ts";
import { commentOnChange } from "./comment-on-change.ts";
import { createChange } from "./create-change.ts";
import { editChange } from "./edit-change.ts";
import { submitChange } from "./submit-change.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;

const review = aProcess().stages.find(({ id }) => id === "review")!;
/** As the quick process, but with a vote of the owning team, and back to it after an edit. */
const voted = aQuickProcess().stages.map((stage) =>
  stage.id === "draft"
    ? { ...stage, transitions: stage.transitions.map((to) => (to.on === "submit" ? { ...to, to: "review" } : to)) }
    : stage,
);
const process = aQuickProcess([
  ...voted,
  {
    ...review,
    steps: [],
    transitions: [
      { on: "ready", to: "ready", gates: ["approved-all"] },
      { on: "edit", to: "review", gates: [] },
    ],
  },
]);

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store, { process });
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const FIELDS = { title: "Add a field", type: "add", components: ["users"] };
const create = (input: object, actor = workspace.people.rosa) =>
  workspace.door.execute(createChange, { process: "quick", fields: FIELDS, ...input }, { actor });
const load = async (id: string) => accepted(await loadChange(store.db, id));
const lastEvents = async (id: string, count: number) =>
  (
    await store.db
      .selectFrom("audit_trail")
      .select(["action", "details"])
      .where("change_id", "=", id)
      .orderBy("id", "desc")
      .limit(count)
      .execute()
  ).reverse();

test("changes made at once have numbers of their own, in one sequence without holes", async () => {
  const outcomes = await Promise.all(Array.from({ length: 25 }, () => create({})));
  const rows = await store.db
    .selectFrom("change_requests")
    .select("number")
    .where(
      "id",
      "in",
      outcomes.map((outcome) => accepted(outcome).id),
    )
    .execute();
  expect(rows.map(({ number }) => Number(number.slice(2))).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 25 }, (_, n) => n + 1),
  );
});

test("a change whose making was refused takes no number", async () => {
  const before = await load(accepted(await create({})).id);
  expect(refused(await create({ fields: { ...FIELDS, components: ["moon"] } })).code).toBe("FORM_INVALID");
  const after = await load(accepted(await create({})).id);
  expect(Number(after.number.slice(2))).toBe(Number(before.number.slice(2)) + 1);
});

test("submitted at once or later, a change is routed to its team, pinned to its process and goes through its environments", async () => {
  const atOnce = await load(accepted(await create({ submit: true })).id);
  const draft = accepted(await create({})).id;
  expect(await load(draft)).toMatchObject({ status: "draft", team: null });
  accepted(await workspace.door.execute(submitChange, { id: draft }, { actor: workspace.people.rosa }));
  for (const change of [atOnce, await load(draft)]) {
    expect(change).toMatchObject({
      status: "awaiting_approval",
      team: "core",
      requester: "rosa",
      environments: ["staging", "production"],
      process: { name: "quick", version: 1 },
    });
  }
  expect(
    refused(await workspace.door.execute(submitChange, { id: draft }, { actor: workspace.people.rosa })).code,
  ).toBe("NO_TRANSITION");
});

test.each<[string, object, string, string | undefined]>([
  ["another process", { process: "slow" }, "PROCESS_UNKNOWN", "/process"],
  ["people who are not here", { fields: { ...FIELDS, stakeholders: ["nobody"] } }, "FORM_INVALID", undefined],
  ["two artifacts of one id", { artifacts: [anArtifact("a"), anArtifact("a")] }, "ARTIFACT_TWICE", "/artifacts/1/id"],
  [
    "text that no database can hold",
    { artifacts: [anArtifact("a"), anArtifact("b", "x\0")] },
    "INPUT_INVALID",
    "/artifacts/1",
  ],
])("a change with %s is refused at its place", async (_what, input, code, pointer) => {
  const refusal = refused(await create(input));
  expect(refusal).toMatchObject({ code, hint: expect.stringMatching(/\S/) });
  expect(refusal.place?.pointer).toBe(pointer);
});

function anArtifact(id: string, undo = "Undo it") {
  return { kind: "manual", id, name: id, steps: [{ id: "do", title: "Do it", undo }] };
}

const edit = (id: string, input: object, actor = workspace.people.rosa) =>
  workspace.door.execute(editChange, { id, ...input }, { actor });

test("an edit merges fields, says what changed, and voids the votes on what was said before", async () => {
  const id = accepted(await create({ submit: true, artifacts: [anArtifact("a")] })).id;
  const { contentHash } = await load(id);
  accepted(
    await workspace.door.execute(castVote, { id, decision: "approve", contentHash }, { actor: workspace.people.ben }),
  );
  expect(await load(id)).toMatchObject({ status: "approved" });
  await workspace.door.execute(
    editChange,
    { id, fields: { title: "Other" }, artifacts: [anArtifact("b")] },
    { actor: workspace.people.rosa },
  );
  const edited = await load(id);
  expect(edited).toMatchObject({ title: "Other", type: "add", fields: { components: ["users"], title: "Other" } });
  const events = await lastEvents(id, 2);
  expect(events).toEqual([
    {
      action: "change.edited",
      details: {
        fields: ["title"],
        artifacts: ["a", "b"],
        contentHash: edited.contentHash,
        previousContentHash: contentHash,
      },
    },
    { action: "votes.voided", details: { voters: ["ben"], because: "the content they voted on was edited" } },
  ]);
  const vote = await workspace.door.execute(
    castVote,
    { id, decision: "approve", contentHash },
    { actor: workspace.people.lena },
  );
  expect(vote.ok).toBe(false);
});

test("giving a change to somebody is no new content, and voids nothing", async () => {
  const id = accepted(await create({ submit: true })).id;
  const { contentHash } = await load(id);
  accepted(await edit(id, { assignee: "ben" }));
  expect(await load(id)).toMatchObject({ assignee: "ben", contentHash });
  expect(refused(await edit(id, { assignee: "nobody" }))).toMatchObject({
    code: "PERSON_UNKNOWN",
    place: { pointer: "/assignee" },
  });
  accepted(await edit(id, { assignee: null }));
  expect((await load(id)).assignee).toBeNull();
});

test("those who have to do with a change edit it, others do not, and nobody does once it is over", async () => {
  const { people } = workspace;
  const id = accepted(await create({ submit: true })).id;
  const outsider = { ...people.ben, teams: [] };
  expect(refused(await edit(id, { fields: { title: "x" } }, outsider)).code).toBe("NOT_YOURS");
  accepted(await edit(id, { fields: { title: "by the team" } }, people.ben));
  accepted(await edit(id, { fields: { title: "by an administrator" } }, people.admin));
  accepted(await edit(id, { assignee: "ben" }));
  accepted(await edit(id, { fields: { title: "by its assignee" } }, outsider));
  const draft = accepted(await create({})).id;
  accepted(await workspace.door.execute(cancelChange, { id: draft, reason: "not needed" }, { actor: people.rosa }));
  expect(refused(await edit(draft, { fields: { title: "x" } })).code).toBe("CHANGE_OVER");
  const assessed = await workspace.door.execute(assessChange, { id: draft, impact: "None." }, { actor: people.ben });
  expect(refused(assessed).code).toBe("CHANGE_OVER");
});

test("a requester submits and cancels their own changes, not those of others; a lead cancels any", async () => {
  const { people, door } = workspace;
  const other = { ...people.rosa, handle: "ada" };
  const id = accepted(await create({})).id;
  const submit = (actor: Actor) => door.execute(submitChange, { id }, { actor });
  const cancel = (actor: Actor) => door.execute(cancelChange, { id, reason: "no" }, { actor });
  expect(refused(await submit(other)).code).toBe("NOT_YOURS");
  expect(refused(await cancel(other)).code).toBe("NOT_YOURS");
  accepted(await cancel({ ...people.lena, teams: [] }));
  const own = accepted(await create({})).id;
  accepted(await door.execute(submitChange, { id: own }, { actor: people.rosa }));
});

test("what has left traces somewhere is not cancelled", async () => {
  const id = accepted(await create({})).id;
  const standsAs = (state: string) =>
    store.pool.query(
      `INSERT INTO change_mgmt.change_environments VALUES ($1, 'staging', $2, NULL, now()) ON CONFLICT (change_id, environment) DO UPDATE SET state = $2`,
      [id, state],
    );
  const cancel = () => workspace.door.execute(cancelChange, { id, reason: "no" }, { actor: workspace.people.rosa });
  for (const state of ["deployed", "failed", "deploying", "rolling-back"]) {
    await standsAs(state);
    expect(refused(await cancel())).toMatchObject({
      code: "STILL_DEPLOYED",
      message: expect.stringContaining("staging"),
    });
  }
  await standsAs("rolled-back");
  accepted(await cancel());
  expect(await load(id)).toMatchObject({ status: "cancelled" });
});

test("everybody who sees a change may say something about it", async () => {
  const id = accepted(await create({})).id;
  const comment = accepted(
    await workspace.door.execute(commentOnChange, { id, text: "Why?" }, { actor: workspace.people.audrey }),
  );
  expect(comment).toMatchObject({ author: "audrey", text: "Why?" });
  expect(
    refused(await workspace.door.execute(commentOnChange, { id, text: "" }, { actor: workspace.people.audrey })).code,
  ).toBe("INPUT_INVALID");
});
