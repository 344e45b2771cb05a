import { expect, test } from "vitest";
import { excerptOf, marksIn } from "./excerpt.ts";
import type { Part } from "./parts.ts";
import { readQuery } from "./query.ts";

const marked = (text: string, marks: readonly (readonly [number, number])[]) =>
  marks
    .toReversed()
    .reduce((shown, [start, end]) => `${shown.slice(0, start)}[${shown.slice(start, end)}]${shown.slice(end)}`, text);
const show = (text: string, query: string) => marked(text, marksIn(text, readQuery(query)).marks);
const part = (place: Part["place"], text: string): Part => ({ place, name: null, text });

test.each([
  ["user_prefer", "ALTER TABLE user_preferences", "ALTER TABLE [user_preferences]"],
  ["preferences", "ALTER TABLE user_preferences", "ALTER TABLE user_[preferences]"],
  ["add user", "Add users, adding a user", "[Add] [users], [adding] a [user]"],
  ["CHG-1", "see CHG-12 and CHG-1", "see CHG-12 and [CHG-1]"],
  ['"a user"', "a user or a users", "[a user] or a users"],
  ["user userPref", "user userPrefs", "[user] [userPrefs]"],
  ["x", "nothing", "nothing"],
])("looking for %j in %j marks %j", (query, text, shown) => {
  expect(show(text, query)).toBe(shown);
});

test("the part with most of what is looked for is shown, and what must not be there does not count", () => {
  const parts = [part("title", "Add a field"), part("comment", "add it to users"), part("sql", "users, add")];
  expect(excerptOf(parts, readQuery("add users -field"))).toEqual({
    place: "comment",
    name: null,
    line: 1,
    text: "add it to users",
    marks: [
      [0, 3],
      [10, 15],
    ],
  });
  expect(excerptOf(parts, readQuery("field orders"))?.place).toBe("title");
  expect(excerptOf(parts, readQuery("orders"))).toBeUndefined();
  expect(excerptOf(parts, readQuery("-orders"))).toBeUndefined();
});

test("of a long text a piece around the first place is shown, in one line, with the number of its line", () => {
  const text = `${"some words\n".repeat(30)}ALTER TABLE\tusers ADD x; ${"more words ".repeat(30)}users`;
  const { line, text: shown, marks } = excerptOf([part("sql", text)], readQuery("users"))!;
  expect(line).toBe(31);
  expect(marked(shown, marks)).toMatch(/^…some words some words ALTER TABLE \[users\] ADD x; more .*…$/);
  expect(shown.length).toBeLessThan(200);
  const first = excerptOf([part("sql", `users ${"more ".repeat(100)}`)], readQuery("users"))!;
  expect(first.text.slice(0, 10)).toBe("users more");
  const unbroken = excerptOf([part("sql", `${"-".repeat(300)}users${"-".repeat(300)}`)], readQuery("users"))!;
  expect(marked(unbroken.text, unbroken.marks)).toMatch(/^…-{40}\[users\]-+…$/);
});

test("a piece begins and ends between signs, and a mark within it", () => {
  const piece = (text: string) => excerptOf([part("comment", text)], readQuery("needle"))!;
  for (const shift of ["-", "--"]) {
    const { text } = piece(`${"🎉".repeat(60)}${shift}needle${"🎉".repeat(120)}`);
    expect(text).not.toMatch(/\p{Surrogate}/u);
  }
  const { text, marks } = piece(`${"🎉".repeat(60)}needle${"x".repeat(400)}`);
  expect(marks[0]![1]).toBe(text.length - 1);
});
