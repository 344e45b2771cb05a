import type { ManualArtifact } from "@change-mgmt/domain/change/change.ts";
import { expect, test } from "vitest";
import { accepted, aStepContext, runSteps } from "../../testing/step-context.ts";
import { manualKind } from "./manual.ts";

const artifact: ManualArtifact = {
  kind: "manual",
  id: "runbook",
  name: "Switch the reports over",
  steps: [
    { id: "pause", title: "Pause the nightly job", undo: "Start the nightly job again" },
    { id: "switch", title: "Point the reports at the new table", undo: "Point the reports at the old table" },
  ],
};
const signed = { by: "otto", at: "2026-11-21T09:00:00Z", note: "done in the console" };

const run = async (direction: "deploy" | "rollback", signOffs: Record<string, typeof signed>) =>
  runSteps(accepted(await manualKind.plan(artifact, direction)), aStepContext(undefined, undefined, { signOffs }));

test("waits for the first step nobody has signed off, and goes on when it is", async () => {
  expect(await run("deploy", {})).toEqual({
    state: "waiting",
    message: expect.stringContaining("Pause the nightly job"),
  });
  expect(await run("deploy", { "runbook:pause": signed })).toEqual({
    state: "waiting",
    message: expect.stringContaining("Point the reports at the new table"),
  });
  expect(await run("deploy", { "runbook:pause": signed, "runbook:switch": signed })).toEqual({
    state: "done",
    output: signed,
  });
});

test("is taken back last step first, with sign-offs of its own", async () => {
  const both = { "runbook:pause": signed, "runbook:switch": signed };
  expect(await run("rollback", both)).toEqual({
    state: "waiting",
    message: expect.stringContaining("Point the reports at the old table"),
  });
  expect(await run("rollback", { ...both, "runbook:switch:undo": signed })).toEqual({
    state: "waiting",
    message: expect.stringContaining("Start the nightly job again"),
  });
  expect(await run("rollback", { "runbook:switch:undo": signed, "runbook:pause:undo": signed })).toMatchObject({
    state: "done",
  });
});

test("a list that is empty or has an id twice is refused beforehand", async () => {
  expect(await manualKind.prepare(artifact, {})).toEqual({ ok: true, value: true });
  expect(await manualKind.prepare({ ...artifact, steps: [] }, {})).toMatchObject({ refusal: { code: "NO_STEPS" } });
  const twice = [artifact.steps[0]!, artifact.steps[0]!];
  expect(await manualKind.prepare({ ...artifact, steps: twice }, {})).toMatchObject({
    refusal: { code: "STEP_ID_TWICE" },
  });
});
