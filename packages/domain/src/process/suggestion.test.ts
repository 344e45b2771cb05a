import { expect, test } from "vitest";
import { nearest, suggest } from "./suggestion.ts";

test("the nearest candidate is named, whatever its case", () => {
  expect(nearest("Titel", ["type", "title", "tables"])).toBe("title");
  expect(nearest("title", ["titel", "title", "tilte"])).toBe("title");
  expect(suggest("titel", ["title"])).toBe('Did you mean "title"?');
});

test("what is far from every candidate gets the list instead", () => {
  expect(nearest("xyz", ["components"])).toBeUndefined();
  expect(suggest("xyz", ["components", "tables"])).toBe("Possible: components, tables.");
  expect(suggest("xyz", [])).toBe("Nothing is declared here.");
});
