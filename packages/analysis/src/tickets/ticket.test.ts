import fc from "fast-check";
import { expect, test } from "vitest";
import { isTemplate, keyFor, PRIORITIES, readTicket, type Ticket, writeTicket } from "./ticket.ts";

const FILE = "board/todo/2026-04-02-let-orders-be-returned.md";
const TEXT = `# Let orders be returned

**Requester**: web-app
**Priority**: Low
**Date**: 2026-04-02

## Description

A shipped order can come back.

## Requirements

- PUT /api/orders/:id/status endpoint
  - accepts \`returned\``;

test("a ticket is its heading, its lines of facts and its sections, with or without a line feed at the end", () => {
  for (const text of [TEXT, `${TEXT}\n`, `\uFEFF${TEXT}`, TEXT.replaceAll("\n", "\r\n")])
    expect(readTicket(text, FILE)).toEqual({
      ticket: {
        title: "Let orders be returned",
        requester: "web-app",
        priority: "Low",
        date: "2026-04-02",
        body: "## Description\n\nA shipped order can come back.\n\n## Requirements\n\n- PUT /api/orders/:id/status endpoint\n  - accepts `returned`",
      },
      problems: [],
    });
});

test("the colon may stand inside the bold, and a ticket may name its change", () => {
  const { ticket } = readTicket("# Nickname\n\n**Priority:** high\n**Change:** CHG-12\n\nShort.", FILE);
  expect(ticket).toEqual({ title: "Nickname", priority: "High", change: "CHG-12", body: "Short." });
});

test("without a heading it is none, and that is said with its place", () => {
  expect(readTicket("Just words.\n", FILE)).toEqual({
    ticket: undefined,
    problems: [expect.objectContaining({ code: "TICKET_INVALID", place: { file: FILE, line: 1, column: 1 } })],
  });
  expect(readTicket("\n#\n\nWords.\n", FILE).problems[0]!.place.line).toBe(2);
});

test("a fact that cannot be read is a problem with its line, and the rest of the ticket stands", () => {
  const { ticket, problems } = readTicket("# A\n\n**Priority**: Soon\n**Date**: 2026-02-30\n**Requester**: \n", FILE);
  expect(ticket).toEqual({ title: "A", body: "" });
  expect(problems.map(({ message, place }) => [message, place.line])).toEqual([
    ['"Soon" is no priority.', 3],
    ['"2026-02-30" is no date.', 4],
  ]);
});

test("what tickets are copied from is none", () => {
  expect(isTemplate("TEMPLATE", "# A")).toBe(true);
  expect(isTemplate("ticket-template", "# A")).toBe(true);
  expect(isTemplate("2026-01-01-a", "# Title\n\n**Date**: YYYY-MM-DD\n")).toBe(true);
  expect(isTemplate("2026-01-01-contemplate-a-move", "# A\n\n**Date**: 2026-01-01\n")).toBe(false);
});

test("a key is the date and words of the title, of any script", () => {
  expect(keyFor("Let orders be returned!", "2026-04-02")).toBe("2026-04-02-let-orders-be-returned");
  expect(keyFor("Größe der Straße / ../x", "2026-04-02")).toBe("2026-04-02-große-der-straße-x");
  expect(keyFor("…", "2026-04-02")).toBe("2026-04-02-change");
  expect(keyFor(`${"long ".repeat(40)}`, "2026-04-02").length).toBeLessThan(80);
});

test("what was written reads as it was", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9é.,:/-]{1,12}$/);
  const words = fc.array(word, { minLength: 1, maxLength: 6 }).map((all) => all.join(" "));
  const body = fc
    .array(words, { maxLength: 4 })
    .map((all) => all.map((text) => `## ${text}\n\n- ${text}`).join("\n\n"));
  const ticket: fc.Arbitrary<Ticket> = fc.record(
    {
      title: words,
      requester: words,
      priority: fc.constantFrom(...PRIORITIES),
      date: fc.constant("2026-04-02"),
      change: word,
      body,
    },
    { requiredKeys: ["title", "body"] },
  );
  fc.assert(
    fc.property(ticket, (one) => {
      expect(readTicket(writeTicket(one), FILE)).toEqual({ ticket: one, problems: [] });
    }),
  );
});

test("a title of several lines cannot say facts", () => {
  const text = writeTicket({ title: "A\n\n**Change**: CHG-1\n\n## B", body: "" });
  expect(readTicket(text, FILE).ticket).toEqual({ title: "A **Change**: CHG-1 ## B", body: "" });
});
