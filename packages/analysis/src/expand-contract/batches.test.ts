import { expect, test } from "vitest";
import { inBatches, readBatches } from "./batches.ts";

const fill = (range: string) =>
  `UPDATE public.users SET nickname = nick WHERE nickname IS DISTINCT FROM nick AND ${range}`;

test("what was made is read back, with one column and with several, and odd names", () => {
  const one = inBatches({ table: "public.users", key: ["id"], statement: fill });
  expect(readBatches(one)).toMatchObject({
    key: ["id"],
    size: 1000,
    inSql: { table: "public.users", key: ["id"] },
  });
  expect(readBatches(one)!.statement("id > 7")).toBe(fill("id > 7"));
  const two = inBatches({
    table: '"Odd.one"."Ta""ble"',
    key: ["tenant", "order"],
    statement: (range) => `INSERT INTO other (a)\n SELECT ';' FROM x WHERE ${range} ON CONFLICT DO NOTHING`,
  });
  expect(readBatches(two)).toMatchObject({
    key: ["tenant", "order"],
    inSql: { table: '"Odd.one"."Ta""ble"', key: ["tenant", '"order"'] },
  });
  expect(readBatches(two)!.statement("true")).toContain("WHERE true ON CONFLICT");
});

test("batches of another size are read too", () => {
  const block = inBatches({ table: "public.users", key: ["id"], statement: fill }).replace("OFFSET 1000", "OFFSET 50");
  expect(readBatches(block)?.size).toBe(50);
  expect(readBatches(block.replace("OFFSET 50", "OFFSET 0"))).toBeNull();
});

test("a block that does anything else is none of it", () => {
  const block = inBatches({ table: "public.users", key: ["id"], statement: fill });
  const others = [
    "DO $$ BEGIN COMMIT; END $$",
    block.replace("  COMMIT;\nEND", "  DELETE FROM public.users;\n  COMMIT;\nEND"),
    block.replace("EXIT WHEN NOT FOUND", "EXIT WHEN FOUND"),
    block.replace("AND id >= first_1 AND id < next_1", "AND id >= first_1"),
    block.replace("nickname = nick ", "nickname = 'x' "),
    `${block} `,
  ];
  expect(others.filter((other) => other !== block && readBatches(other) !== null)).toEqual([]);
  expect(others).not.toContain(block);
});
