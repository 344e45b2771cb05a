import fc from "fast-check";
import { expect, test } from "vitest";
import { STATUSES } from "../change/status.ts";
import { difference, FOLDERS, folderOf } from "./in-step.ts";

test("work that has not begun is to do, what is under way in progress, what is closed done", () => {
  expect(folderOf("draft")).toBe("todo");
  expect(folderOf("implementing")).toBe("in-progress");
  expect(folderOf("closed")).toBe("done");
});

test("the ticket of a change that was rejected or cancelled stays where it lies", () => {
  for (const ticket of FOLDERS)
    for (const status of ["rejected", "cancelled"] as const)
      expect(difference({ known: "todo", ticket, status })).toEqual({ kind: "in-step" });
});

test("a change that went on takes its ticket along", () => {
  expect(difference({ known: "todo", ticket: "todo", status: "implementing" })).toEqual({
    kind: "move",
    to: "in-progress",
  });
  expect(difference({ known: "in-progress", ticket: "in-progress", status: "closed" })).toEqual({
    kind: "move",
    to: "done",
  });
});

test("a change that was taken back to the beginning takes its ticket back", () => {
  expect(difference({ known: "in-progress", ticket: "in-progress", status: "submitted" })).toEqual({
    kind: "move",
    to: "todo",
  });
});

test("a ticket that was moved on asks its change to follow", () => {
  expect(difference({ known: "todo", ticket: "in-progress", status: "draft" })).toEqual({ kind: "ask", act: "submit" });
  expect(difference({ known: "in-progress", ticket: "done", status: "reviewing" })).toEqual({
    kind: "ask",
    act: "close",
  });
});

test.each([
  [{ known: "todo", ticket: "in-progress", status: "submitted" }, "has to be done first"],
  [{ known: "in-progress", ticket: "todo", status: "approved" }, "moved back to todo"],
  [{ known: "todo", ticket: "done", status: "implementing" }, "belongs in in-progress"],
] as const)("%o is for somebody to decide", (where, why) => {
  expect(difference(where)).toEqual({ kind: "conflict", why: expect.stringContaining(why) });
});

test("once what is to be done is done, both are in step; and a conflict leaves both as they are", () => {
  const folder = fc.constantFrom(...FOLDERS);
  fc.assert(
    fc.property(folder, folder, fc.constantFrom(...STATUSES), (known, ticket, status) => {
      const found = difference({ known, ticket, status });
      if (found.kind === "move") {
        expect(ticket).toBe(known);
        expect(difference({ known: found.to, ticket: found.to, status })).toEqual({ kind: "in-step" });
      } else if (found.kind !== "in-step") {
        expect(ticket).not.toBe(known);
        expect(ticket).not.toBe(folderOf(status));
      }
    }),
  );
});
