import { expect, test } from "vitest";
import type { ChangeSummary } from "../../data/types.ts";
import { doToEach, notOwnDraft } from "./bulk.ts";

const change = (number: string) => ({ number }) as ChangeSummary;
const problemOf = (error: unknown) => ({ code: "NO", detail: (error as Error).message, hint: "" });
const CHANGES = ["CHG-1", "CHG-2", "CHG-3"].map(change);

function setUp(signal = new AbortController().signal) {
  const told: string[] = [];
  const options = {
    problemOf,
    signal,
    told: (fates: readonly { state: string }[]) => told.push(fates.map(({ state }) => state).join(" ")),
  };
  return { told, options };
}

test("each change has its own end, in order, and what one is refused stops no other", async () => {
  const { told, options } = setUp();
  const asked: string[] = [];
  const act = async ({ number }: ChangeSummary) => {
    asked.push(number);
    if (number === "CHG-2") throw new Error("Not this one.");
  };
  const fates = await doToEach(CHANGES, act, options);
  expect(asked).toEqual(["CHG-1", "CHG-2", "CHG-3"]);
  expect(fates.map(({ state, problem }) => problem?.detail ?? state)).toEqual(["done", "Not this one.", "done"]);
  expect(told).toEqual(["done", "done refused", "done refused done"]);
});

test("what is to be left alone is, and says why", async () => {
  const { options } = setUp();
  const asked: string[] = [];
  const leave = ({ number }: ChangeSummary) => (number === "CHG-1" ? "Not yours." : undefined);
  const fates = await doToEach(CHANGES, async ({ number }) => asked.push(number), { ...options, leave });
  expect(asked).toEqual(["CHG-2", "CHG-3"]);
  expect(fates[0]).toMatchObject({ state: "left", why: "Not yours." });
});

test("stopping leaves the rest untouched", async () => {
  const stopping = new AbortController();
  const { options } = setUp(stopping.signal);
  const fates = await doToEach(CHANGES, async () => stopping.abort(), options);
  expect(fates.map(({ state }) => state)).toEqual(["done", "left", "left"]);
});

test("only drafts of one's own are cancelled together", () => {
  expect(notOwnDraft({ status: "draft", requester: "rosa" }, "rosa")).toBeUndefined();
  expect(notOwnDraft({ status: "draft", requester: "ben" }, "rosa")).toBe("It is a draft of ben.");
  expect(notOwnDraft({ status: "approved", requester: "rosa" }, "rosa")).toMatch(/no draft/);
});
