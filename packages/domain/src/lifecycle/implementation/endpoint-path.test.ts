import { expect, test } from "vitest";
import { pathFit, pathText } from "./endpoint-path.ts";

const split = (path: string) => path.split("/").filter((segment) => segment !== "");

test.each([
  ["/api/users", "/api/users", 2],
  ["/api/users/{}", "/api/users/{}", 2],
  ["/api/users/{}", "/api/users/me", 2],
  ["/api/users/me", "/api/users/me", 3],
  ["/api/users/me", "/api/users/{}", null],
  ["/api/users", "/api/users/{}", null],
  ["/api/users/{}", "/api/users", null],
  ["/files/{}.json", "/files/a.json", 1],
  ["/files/{}.json", "/files/{}.json", 1],
  ["/files/{}.json", "/files/.json", null],
  ["/files/{}.json", "/files/a.txt", null],
  ["/files/*", "/files/a/b", 1],
  ["/", "/", 0],
])("a call of the route %s as %s fits as well as %s", (route, call, fit) => {
  expect(pathFit(split(route), split(call))).toBe(fit);
});

test("a path is read with slashes", () => {
  expect(pathText(["api", "users", "{}"])).toBe("/api/users/{}");
});
