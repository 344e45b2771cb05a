import { expect, test } from "vitest";
import { ownerOf, readCodeOwners } from "./code-owners.ts";

const { rules, unread } = readCodeOwners(`# who reviews what
*                 @shop/platform
[Section]
/apps/web/        @shop/web @ada   # and Ada
/apps/*/admin     grace@shop.example
docs              @writers
/data/**          @shop/data
/data/legacy/
nonsense without anybody
`);

test.each([
  ["apps/web", "web"],
  ["apps/web/src", "web"],
  ["apps/shop/admin", "grace"],
  ["apps/website", "platform"],
  ["packages/docs", "writers"],
  ["data/client", "data"],
  ["data/legacy", null],
  ["", "platform"],
])("%s belongs to %s: the last line that fits counts", (folder, owner) => {
  expect(ownerOf(rules, folder)).toBe(owner);
});

test("a line that names nobody who can be one is said", () => {
  expect(unread).toEqual([9]);
  expect(ownerOf([], "apps")).toBe(null);
});
