import { expect, test } from "vitest";
import { addressOf, differs, filterCount, keptOf, openingView, type SavedView } from "./views.ts";

const view = (more: Partial<SavedView> = {}): SavedView => ({
  id: "v1",
  name: "Mine",
  owner: "rosa",
  sharedWith: "nobody",
  team: null,
  filters: { status: "draft", columns: "number,title" },
  version: 1,
  default: false,
  editable: true,
  updatedAt: "2026-01-01T00:00:00.000Z",
  ...more,
});

test("a view keeps filters, search, order and columns, and not which view it is", () => {
  expect(keptOf({ q: "users", order: "oldest", columns: "title", view: "v1", team: "" })).toEqual({
    q: "users",
    order: "oldest",
    columns: "title",
  });
});

test("the address of a view shows what was saved, and says when something else is shown", () => {
  const address = addressOf(view());
  expect(address).toEqual({ status: "draft", columns: "number,title", view: "v1" });
  expect(differs(address, view())).toBe(false);
  expect(differs({ ...address, team: "data" }, view())).toBe(true);
  expect(differs({ view: "v1" }, view())).toBe(true);
});

test("the default view opens an address that asks for nothing", () => {
  const views = [view(), view({ id: "v2", default: true })];
  expect(openingView({}, views)?.id).toBe("v2");
  expect(openingView({ status: undefined }, views)?.id).toBe("v2");
  expect(openingView({ view: "all" }, views)).toBeUndefined();
  expect(openingView({ q: "users" }, views)).toBeUndefined();
  expect(openingView({}, [view()])).toBeUndefined();
});

test("columns and order narrow nothing down", () => {
  expect(filterCount({ columns: "title", order: "oldest", view: "v1" })).toBe(0);
  expect(filterCount({ q: "users", active: "true", columns: "title" })).toBe(2);
});
