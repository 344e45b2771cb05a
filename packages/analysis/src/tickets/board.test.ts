import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readBoards } from "./board.ts";
import { LARGEST_TICKET } from "./ticket.ts";

const root = mkdtempSync(join(tmpdir(), "change-mgmt-boards-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const lay = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
const codes = (problems: readonly { code: string; place?: { file?: string } }[]) =>
  problems.map(({ code, place }) => [code, place?.file]);

test("a folder is a state and a file a ticket; what is not there holds none", async () => {
  lay("a/.component-board/todo/2026-01-01-one.md", "# One\n");
  lay("a/.component-board/done/2026-01-02-two.md", "# Two\n");
  lay("a/.component-board/done/notes.txt", "no ticket");
  lay("a/.component-board/todo/README.md", "# How this board works\n");
  lay("a/.component-board/todo/template.md", "# Title\n");
  const read = await readBoards(root, [
    { component: "a", folder: "a/.component-board" },
    { component: "b", folder: "b/.component-board" },
  ]);
  expect(read).toEqual({
    tickets: [
      {
        component: "a",
        key: "2026-01-01-one",
        folder: "todo",
        file: "a/.component-board/todo/2026-01-01-one.md",
        title: "One",
        body: "",
      },
      expect.objectContaining({ key: "2026-01-02-two", folder: "done" }),
    ],
    problems: [],
    templates: ["a/.component-board/todo/template.md"],
  });
});

test("a ticket in two folders, one behind a link, one too large and one without a title are problems and no tickets", async () => {
  lay("c/todo/twice.md", "# Twice\n");
  lay("c/done/twice.md", "# Twice\n");
  lay("c/todo/large.md", `# Large\n${"x".repeat(LARGEST_TICKET)}`);
  lay("c/todo/words.md", "words");
  lay("elsewhere.md", "# Elsewhere\n");
  symlinkSync(join(root, "elsewhere.md"), join(root, "c/todo/link.md"));
  mkdirSync(join(root, "c/todo/folder.md"));
  const { tickets, problems } = await readBoards(root, [{ component: "c", folder: "c" }]);
  expect(tickets).toEqual([]);
  expect(codes(problems)).toEqual([
    ["TICKET_INVALID", "c/todo/folder.md"],
    ["TICKET_INVALID", "c/todo/large.md"],
    ["TICKET_INVALID", "c/todo/link.md"],
    ["TICKET_INVALID", "c/todo/words.md"],
    ["TICKET_TWICE", "c/todo/twice.md"],
  ]);
});

test("nothing outside of the repository is read, by a path or by a link", async () => {
  const outside = mkdtempSync(join(tmpdir(), "change-mgmt-outside-"));
  mkdirSync(join(outside, "todo"));
  writeFileSync(join(outside, "todo/secret.md"), "# Secret\n");
  mkdirSync(join(root, "d"));
  symlinkSync(join(outside, "todo"), join(root, "d/todo"));
  const { tickets, problems } = await readBoards(root, [
    { component: "d", folder: "d" },
    { component: "e", folder: outside },
  ]);
  expect(tickets).toEqual([]);
  expect(problems.map(({ code }) => code)).toEqual([
    "BOARD_OUTSIDE",
    "BOARD_OUTSIDE",
    "BOARD_OUTSIDE",
    "BOARD_OUTSIDE",
  ]);
  rmSync(outside, { recursive: true });
});
