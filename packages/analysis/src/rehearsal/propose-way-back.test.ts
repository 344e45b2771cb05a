import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rehearse } from "./rehearse.ts";

const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
const base = [
  {
    name: "1.sql",
    sql: `create type mood as enum ('sad', 'ok'); create table users (id int generated always as identity primary key, nick varchar(20) default 'x', mood mood);
      create view nicks as select nick from users; create table logs (id int references users);`,
  },
];

async function propose(up: string, down: string | null = null) {
  const migration = { id: "2", name: "2.sql", up, down, transactional: true };
  const next = { ...migration, id: "3", name: "3.sql", up: "create table later (x int)", down: "drop table later" };
  const report = await rehearse({ base, migrations: [migration, next], cacheFolder, propose: true });
  // Whatever was tried, the next one starts on the state after the way there.
  expect(report.migrations[1]!.rehearsal).toMatchObject({ up: { outcome: "ok" }, down: { outcome: "exact" } });
  expect(report.migrations[1]!.proposal).toBe(null);
  return report.migrations[0]!;
}

test("restores exactly what a migration without a way back makes and widens", async () => {
  const up = `create table teams (id int primary key, owner int references users); create index on teams (owner);
    alter table users add email text not null default '' unique; drop view nicks; alter table users alter nick type text; create view nicks as select nick, email from users;`;
  const { rehearsal, proposal, downStatements } = await propose(up);
  expect(rehearsal.down.outcome).toBe("absent");
  expect(downStatements).toEqual([]);
  expect(proposal).toMatchObject({
    transactional: true,
    obstacles: [],
    rehearsal: { outcome: "exact", differences: [] },
  });
  expect(proposal!.losses).toContain("public.users.email: loses the column with its values");
});

test("says what it restores the shape of alone, also where the way back that is there leaves something", async () => {
  const up = "drop view nicks; alter table users drop nick; drop table logs;";
  const { rehearsal, proposal, downStatements } = await propose(up, "create table logs (id int)");
  expect(rehearsal.down.outcome).toBe("differs");
  expect(downStatements).toHaveLength(1);
  expect(proposal!.rehearsal).toMatchObject({ outcome: "column-order", data: "differs" });
  expect(proposal!.losses).toEqual(
    expect.arrayContaining([
      "public.users.nick: restores the column, not its values",
      "public.logs: restores the table, not its rows",
    ]),
  );
});

test("proposes nothing for what it cannot take back, and names it; nothing where nothing changes", async () => {
  expect((await propose("create type span as range (subtype = float8)")).proposal).toMatchObject({
    sql: null,
    rehearsal: null,
    obstacles: [{ object: "type public.span" }],
  });
  expect((await propose("insert into users (mood) values ('ok')")).proposal).toBe(null);
});
