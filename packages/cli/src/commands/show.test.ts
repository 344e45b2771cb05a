import { expect, test } from "vitest";
import { FakeRefusal, startFakeServer } from "../testing/fake-server.ts";
import { bare, runLine } from "../testing/run-line.ts";
import { aChange, aDeployment, aSummary, aValidation, minutesAgo } from "../testing/samples.ts";

function serverWith(change = aChange(), items = [aSummary()]) {
  return startFakeServer({
    "changes.get": () => change,
    "changes.validation": () => aValidation(),
    "changes.deployments": () => ({ items: [aDeployment({ state: "succeeded" })] }),
    "changes.comments": () => ({
      items: [{ id: "c", author: "dora", text: "Looks fine", at: minutesAgo(5), files: [] }],
      nextCursor: null,
    }),
    "changes.list": ({ query }) =>
      query.cursor
        ? { items: [aSummary({ number: "CHG-11" })], nextCursor: null }
        : { items, nextCursor: query.limit === 200 ? "c2" : null },
  });
}

test("show is the whole page: header, next act, checklist, approvals that explain themselves, validation, environments", async () => {
  const server = await serverWith();
  const said = await runLine(["show", "CHG-12"], { server: server.address });
  await server.close();
  expect(server.violations).toEqual([]);
  expect(said.code).toBe(0);
  expect(said.stdout).toMatchInlineSnapshot(`
    "CHG-12  Add a nickname to users
    awaiting approval · Review and approval · not breaking · risk low · medium priority
    add-field (data-layer v1) · team data · requested by ada 2 days ago · updated 3 minutes ago

    next: change-mgmt step complete CHG-12 read-through  Read it through

    Description
      The bot greets people by a name they chose.

    Impact analysis
      not breaking · low complexity · depends on CHG-3 · ben 10 hours ago
      The bot reads users.

    Content  4f2a91c07b3e5d68f1a0c9b2e3d4f5061728394a5b6c7d8e9f00112233445566
      migration  0003_nickname.sql: with down script  (0003-nickname)

    Checklist  1 of 2 done
      implementation
        ✓ Write the migration  ben 2 hours ago
            note: Written and tried
            Small
      approval → now
        ○ Read it through  read-through · needs link · by team-lead

    Approvals
      ✗ production · One of two is missing.
        ├─ ✓ Owning team · Given by cleo.
        └─ ✗ Architecture · Nobody has given it.
              could be given by dora, emil

    Validation  passed
      ◔ Tests · No report yet.
          hint: Send one with report send.
      ✓ rehearsal of 0003-nickname: passed, up ok, down exact, data equal, locks public.users against everybody, on Postgres 18.6

    Environments
      staging     deployed  1 hour ago
      production  not deployed

    Latest deployment
      deployment of CHG-12 → staging: succeeded  asked for by ada 3 minutes ago
        → Step lease
        ○ Step migrate

    Comments
      dora 5 minutes ago
        Looks fine
    "
  `);
});

test("status with --change-id says the same as show", async () => {
  const server = await serverWith();
  const [show, status] = await Promise.all([
    runLine(["show", "CHG-12"], { server: server.address }),
    runLine(["status", "--change-id=CHG-12"], { server: server.address }),
  ]);
  await server.close();
  expect(status.stdout).toBe(show.stdout);
});

test("the document carries exact times and everything of the page", async () => {
  const server = await serverWith();
  const said = await runLine(["show", "CHG-12", "--json"], { server: server.address });
  await server.close();
  expect(said.json()).toMatchObject({
    ok: true,
    number: "CHG-12",
    updatedAt: minutesAgo(3),
    validation: { result: "passed" },
    deployments: [{ state: "succeeded" }],
    comments: [{ author: "dora" }],
  });
});

test("what one may not see is left out, the change itself is not", async () => {
  const server = await startFakeServer({
    "changes.get": () => aChange(),
    "changes.validation": () => {
      throw new FakeRefusal(404, "NOT_FOUND", "Not validated yet.");
    },
    "changes.deployments": () => {
      throw new FakeRefusal(403, "NOT_ALLOWED", "Not for you.");
    },
    "changes.comments": () => ({ items: [], nextCursor: null }),
  });
  const said = await runLine(["show", "CHG-12", "--json"], { server: server.address });
  await server.close();
  expect(said.json()).toMatchObject({ number: "CHG-12", validation: null, deployments: [] });
});

test("without UTF-8 the page is plain ASCII", async () => {
  const server = await serverWith();
  const said = await runLine(["show", "CHG-12"], { server: server.address, env: { LANG: "C" } });
  await server.close();
  expect(said.stdout).toMatch(/^[\x20-\x7e\n]+$/);
  expect(said.stdout).toContain("+ Owning team");
});

test("colours come on a terminal only, and never with NO_COLOR", async () => {
  const server = await serverWith();
  const on = (options: object) => runLine(["show", "CHG-12"], { server: server.address, ...options });
  const [terminal, silenced, piped] = await Promise.all([
    on({ terminal: true }),
    on({ terminal: true, env: { NO_COLOR: "1" } }),
    on({}),
  ]);
  await server.close();
  expect(terminal.stdout).not.toBe(bare(terminal.stdout));
  expect(silenced.stdout).toBe(bare(silenced.stdout));
  expect(piped.stdout).toBe(bare(piped.stdout));
});

test("what people wrote cannot drive the reader's terminal", async () => {
  const evil = "\u001b[2J\u001b]0;owned\u0007\u202eabc\rhidden";
  const server = await serverWith(aChange({ title: evil, description: evil }), [aSummary({ title: evil })]);
  const said = await Promise.all(
    [["show", "CHG-12"], ["list"], ["status"]].map((argv) => runLine(argv, { server: server.address, terminal: true })),
  );
  await server.close();
  for (const { stdout } of said) {
    expect(bare(stdout)).toMatch(/abchidden/);
    const obeyed = [...bare(stdout)].filter(
      (one) => (one < " " && one !== "\n") || /[\u007f-\u009f\u202a-\u202e]/.test(one),
    );
    expect(obeyed).toEqual([]);
    expect(stdout).not.toContain("owned");
  }
});

test("list is an aligned table; --all goes on to the last page", async () => {
  const server = await serverWith();
  const [one, all] = await Promise.all([
    runLine(["list", "--status=draft,approved", "--active"], { server: server.address }),
    runLine(["list", "--all", "--json"], { server: server.address }),
  ]);
  await server.close();
  expect(server.violations).toEqual([]);
  expect(server.log).toContain("GET /api/changes?status=draft%2Capproved&active=true");
  expect(one.stdout).toBe(`NUMBER  TITLE                    TYPE       STATUS             TEAM  REQUESTER  UPDATED
CHG-12  Add a nickname to users  add-field  awaiting approval  data  ada        3 minutes ago
`);
  expect(all.json()).toMatchObject({ items: [{ number: "CHG-12" }, { number: "CHG-11" }], nextCursor: null });
});

test("on a narrow terminal the title gives way and the rest stays whole", async () => {
  const server = await serverWith();
  const said = await runLine(["list"], { server: server.address, terminal: true, columns: 90 });
  await server.close();
  const lines = bare(said.stdout).trimEnd().split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
  expect(lines[1]).toContain("…");
  expect(lines[1]).toContain("awaiting approval");
});
