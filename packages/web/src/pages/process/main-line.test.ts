import type { Stage, Transition } from "@change-mgmt/domain/process/process.ts";
import { aProcess } from "@change-mgmt/domain/testing/builders.ts";
import { expect, test } from "vitest";
import { mainLine } from "./main-line.ts";

const stage = (id: string, transitions: readonly Partial<Transition>[] = []): Stage => ({
  id,
  title: id,
  status: "draft",
  steps: [],
  transitions: transitions.map((transition) => ({ gates: [], ...transition }) as Transition),
});

test("the line goes forward past what leads back, and everything else stands beside it", () => {
  const { line, beside } = mainLine(
    aProcess({
      initialStage: "draft",
      stages: [
        stage("draft", [
          { on: "submit", to: "ready", gates: ["form"] },
          { on: "edit", to: "draft" },
          { on: "cancel", to: "cancelled" },
        ]),
        stage("ready", [
          { on: "deploy", to: "deploying", when: { environment: "staging" } },
          { on: "deploy", to: "deploying", when: { environment: "production" } },
        ]),
        stage("deploying", [
          { on: "deployed", to: "ready" },
          { on: "deployed", to: "after" },
          { on: "deployment-failed", to: "failed" },
        ]),
        stage("failed", [{ on: "deploy", to: "deploying" }]),
        stage("after"),
        stage("cancelled"),
      ],
    }),
  );
  expect(line.map((part) => part.stage.id)).toEqual(["draft", "ready", "deploying", "after"]);
  expect(line.map((part) => part.onward.length)).toEqual([1, 2, 1, 0]);
  expect(line[0]!.aside.map(({ to }) => to)).toEqual(["cancelled"]);
  expect(line[2]!.aside.map(({ to }) => to)).toEqual(["ready", "failed"]);
  expect(beside.map((part) => part.stage.id)).toEqual(["failed", "cancelled"]);
});
