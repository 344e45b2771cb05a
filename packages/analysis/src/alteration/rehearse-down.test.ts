import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rehearseProposedDown } from "./rehearse-down.ts";

const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
const base = [
  {
    name: "1.sql",
    sql: `create type mood as enum ('sad', 'ok'); create table users (id int generated always as identity primary key, nick varchar(20) default 'x', mood mood);
      create view nicks as select nick from users; create table logs (id int references users);`,
  },
];

function propose(up: string) {
  return rehearseProposedDown({ base, name: "2.sql", up, transactional: true, cacheFolder, major: null });
}

test("restores exactly what a migration without a way back makes and widens", async () => {
  const up = `create table teams (id int primary key, owner int references users); create index on teams (owner);
    alter table users add email text not null default '' unique; drop view nicks; alter table users alter nick type text; create view nicks as select nick, email from users;`;
  const proposed = await propose(up);
  if (!proposed.ok) throw new Error(proposed.refusal.message);
  const { down, report } = proposed.value;
  expect(report?.rehearsal.down).toMatchObject({ outcome: "exact", differences: [] });
  expect(down).toMatchObject({ transactional: true, obstacles: [] });
  expect(down.losses).toContain("public.users.email: loses the column with its values");
});

test("says what it restores the shape of alone", async () => {
  const proposed = await propose(
    "drop view nicks; alter table users drop nick; drop table logs; alter type mood add value 'happy'",
  );
  if (!proposed.ok) throw new Error(proposed.refusal.message);
  const { down, report } = proposed.value;
  expect(report?.rehearsal.down.outcome).toBe("column-order");
  expect(report?.rehearsal.down.data).toBe("differs");
  expect(down.losses).toEqual(
    expect.arrayContaining([
      "public.users.nick: restores the column, not its values",
      "public.logs: restores the table, not its rows",
    ]),
  );
});

test("proposes nothing for what it cannot take back, and names it", async () => {
  const proposed = await propose("create type span as range (subtype = float8)");
  expect(proposed).toMatchObject({
    ok: true,
    value: { report: null, down: { sql: null, obstacles: [{ object: "type public.span" }] } },
  });
  expect(await propose("alter table nowhere add a int")).toMatchObject({
    ok: false,
    refusal: { code: "SCHEMA_NOT_BUILT" },
  });
});
