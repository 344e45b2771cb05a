import type { Client } from "@change-mgmt/api/client.ts";
import { freshFolder, runLine } from "@change-mgmt/cli/testing/run-line.ts";
import type { AuditEntry } from "@change-mgmt/domain/audit/entry.ts";
import { startServer } from "@change-mgmt/server/main.ts";
import { newDataFolder } from "@change-mgmt/server/testing/stores.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf, newAdminToken } from "../acceptance/testing/people.ts";
import { handwork, wish } from "../acceptance/testing/road.ts";
import { HOSTILE } from "./fuzzing/texts.ts";

/** A line that would be taken for the product's own, were it to stand alone. */
const FORGED = "CHG-999 approved by the board";
const TEXTS = [
  ...HOSTILE.filter((text) => text.trim() !== "" && text.length < 200),
  `fine\n${FORGED}`,
  `fine\r\n${FORGED}`,
  `fine\u2028${FORGED}`,
  "\u0007\b\b\b\u001b]8;;http://evil.example\u0007here\u001b]8;;\u0007",
  "\u001b[1A\u001b[2Kgone",
  "a\u2066b\u2069c\u061cd",
  "%s%n%x {0} %{user}",
  'error {"level":"fatal"}',
];
/** Whether a text would drive a terminal or turn a line around: it holds a control character, or one that sets the direction. */
function drives(text: string): boolean {
  return [...text].some((character) => {
    const code = character.codePointAt(0)!;
    if (code === 9 || code === 10) return false;
    return (
      code < 32 ||
      (code >= 0x7f && code <= 0x9f) ||
      (code >= 0x202a && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069)
    );
  });
}

const adminToken = newAdminToken();
const said: string[] = [];
let address: string;
let admin: Client;
let close: () => Promise<void>;
/** By text, the change that carries it in all its fields. */
const carrying = new Map<string, string>();

beforeAll(async () => {
  const { dataDir, remove } = await newDataFolder();
  const say = (line: string) => void said.push(line);
  const started = await startServer({ dataDir, port: 0, host: "127.0.0.1", demo: false, adminToken, env: {}, say });
  if (!started.ok) throw new Error(started.refusal.message);
  const server = started.value;
  close = async () => {
    await server.close();
    await remove();
  };
  address = server.address;
  admin = clientOf(address, adminToken);
  await admin("config.import", {
    body: {
      text: "workspace: w\nteams: [{ name: t, title: T }]\ncomponents: [{ name: data-layer, path: ., team: t }]\nenvironments: [{ name: development, database: 'embedded:development' }]\n",
    },
  });
  await admin("users.create", { body: { handle: "dev", name: "Dev", roles: ["developer"], teams: ["t"] } });
  const dev = clientOf(address, (await admin("tokens.create", { body: { name: "dev", user: "dev" } })).secret);
  for (const text of TEXTS) {
    const { number } = await admin("changes.create", {
      body: wish({
        title: text,
        fields: { description: text, rollbackPlan: text },
        artifacts: [{ ...handwork("look"), name: text }],
      }),
    });
    carrying.set(text, number);
    const params = { id: number };
    await admin("changes.comment", { params, body: { text } });
    await admin("changes.submit", { params, body: {} });
    await dev("changes.assess", { params, body: { impact: text } });
    await dev("changes.addStep", { params, body: { title: text, stage: "planning" } });
    await dev("changes.completeStep", {
      params: { ...params, stepId: "templates" },
      body: { evidence: [{ kind: "note", value: text }], notes: text },
    });
    await admin("savedViews.create", {
      body: { name: text.trim().slice(0, 100), filters: { q: text }, sharedWith: "everybody" },
    });
  }
});
afterAll(() => close?.());

test("a text in any field comes back as it was typed, and is found word by word in the trail", async () => {
  const exported = await (await admin("audit.export")).text();
  const entries = exported
    .split("\n")
    .slice(1, -2)
    .map((line) => (JSON.parse(line) as { entry: AuditEntry }).entry);
  for (const [text, number] of carrying) {
    const change = await admin("changes.get", { params: { id: number } });
    const { items } = await admin("changes.comments", { params: { id: number }, query: {} });
    const { fields, artifacts, assessment, steps } = change;
    const templates = steps.find(({ id }) => id === "templates")!.completed!;
    expect([change.title, change.description, fields.rollbackPlan, artifacts[0]!.name, assessment!.impact]).toEqual(
      Array(5).fill(text),
    );
    expect([items[0]!.text, steps.find(({ added }) => added)!.title, templates.notes]).toEqual([text, text, text]);
    expect(templates.evidence[0]).toMatchObject({ value: text });
    const told = entries
      .filter((entry) => entry.change_request_id === number)
      .map(({ details }) => details as Record<string, unknown>);
    expect(told.some((details) => details.text === text)).toBe(true);
    expect(told.some((details) => details.impact === text)).toBe(true);
  }
  expect(said.filter((line) => line.startsWith("error"))).toEqual([]);
});

describe("on a terminal no text drives anything, and none stands in a line of its own that is not its own", () => {
  const lines: readonly (readonly [string, (number: string) => readonly string[]])[] = [
    ["show", (number) => ["show", number]],
    ["list", () => ["list", "--limit=100"]],
    ["audit list", (number) => ["audit", "list", `--change=${number}`]],
  ];
  test.each(lines)("%s", async (_name, argv) => {
    const cwd = freshFolder();
    // Of its own, so that the limit of requests of one token is not what is met.
    const { secret: token } = await admin("tokens.create", { body: { name: "reads" } });
    const seen = new Set<string>();
    for (const number of carrying.values()) {
      const line = argv(number);
      if (seen.has(line.join(" "))) continue;
      seen.add(line.join(" "));
      const { code, stdout, stderr } = await runLine(line, { cwd, server: address, token });
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: "" });
      expect({ line, drives: drives(stdout) }).toEqual({ line, drives: false });
      expect({ line, forged: stdout.split(/[\n\u2028]/).includes(FORGED) }).toEqual({ line, forged: false });
    }
  });
});

test("a file keeps a hostile name, is never a path, and breaks out of no header", async () => {
  const number = [...carrying.values()][0]!;
  const { secret: token } = await admin("tokens.create", { body: { name: "attaches" } });
  const authorization = `Bearer ${token}`;
  for (const text of TEXTS) {
    const name = `${text.slice(0, 150)}.txt`;
    const response = await fetch(`${address}/api/changes/${number}/attachments?name=${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/octet-stream" },
      body: `What is in ${name}.`,
    });
    const answer = (await response.json()) as { id: string; name: string; code: string };
    if (answer.code !== "ATTACHMENT_NAME") expect([name, response.status]).toEqual([name, 201]);
    else expect([name, /[/\\\n\t]|\P{ASCII}/u.test(name) || drives(name)]).toEqual([name, true]);
    if (response.status !== 201) continue;
    expect([name, /[/\\]/.test(name) || drives(name)]).toEqual([name, false]);
    expect(answer.name).toBe(name);
    const file = await fetch(`${address}/api/attachments/${answer.id}/content`, {
      headers: { authorization },
    });
    expect(file.headers.get("x-injected")).toBeNull();
    expect(file.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[\w.-]*"; filename\*=UTF-8''[\w.~%!-]*$/,
    );
    expect(file.headers.get("content-type")).not.toMatch(/html|script|svg/);
    expect(decodeURIComponent(file.headers.get("content-disposition")!.split("UTF-8''")[1]!)).toBe(name);
    expect(await file.text()).toBe(`What is in ${name}.`);
  }
});
