import { expect, test } from "vitest";
import { aProcess, aTable } from "../../testing/builders.ts";
import { routeTo } from "./route.ts";

test("the owner of the first affected component gets the change, and the explanation says so", () => {
  const routed = routeTo(aProcess(), { component: ["web", "users"] }, { users: "core", web: "front" });
  expect(routed).toMatchObject({ ok: true, value: { team: "front" } });
  expect(routed.ok && routed.value.explanation.children.at(-1)).toMatchObject({
    title: "component web",
    reason: "is owned by front",
  });
});

test("a process may name the team itself", () => {
  const process = aProcess({ routing: aTable("routing", { team: "intake" }) });
  expect(routeTo(process, {}, {})).toMatchObject({ value: { team: "intake" } });
});

test.each([
  ["NO_OWNING_TEAM", {}, { users: "core" }, "names no affected component"],
  ["NO_OWNING_TEAM", { component: ["web"] }, { users: "core" }, 'No team owns the component "web"'],
  ["NO_OWNING_TEAM", { component: ["web"] }, {}, 'No team owns the component "web"'],
  ["NO_OWNING_TEAM", { component: ["constructor"] }, {}, 'No team owns the component "constructor"'],
])("%s for %j among %j", (code, facts, teams, sentence) => {
  const routed = routeTo(aProcess(), facts, teams);
  expect(routed).toMatchObject({ ok: false, refusal: { code } });
  expect(!routed.ok && routed.refusal.message).toContain(sentence);
});

test("nothing is routed where no row matches or two contradict each other", () => {
  const none = aProcess({ routing: aTable("routing", { team: "a" }, { rows: [] }) });
  expect(routeTo(none, {}, {})).toMatchObject({
    refusal: { code: "NO_ROUTE", message: expect.stringContaining("no row matches") },
  });
  const [row] = aTable("routing", { team: "a" }).rows;
  const two = [row!, { ...aTable("routing", { team: "b" }).rows[0]!, id: "other" }];
  const torn = aProcess({ routing: aTable("routing", { team: "a" }, { rows: two }) });
  expect(routeTo(torn, {}, {})).toMatchObject({
    refusal: { code: "NO_ROUTE", message: expect.stringContaining("answer differently") },
  });
});
