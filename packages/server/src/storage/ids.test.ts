import { expect, test } from "vitest";
import { isId, newId } from "./ids.ts";

test("a hundred thousand ids: each a UUIDv7, none twice, each after the one before", () => {
  const ids = Array.from({ length: 100_000 }, () => newId());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.findIndex((id, n) => n > 0 && id <= ids[n - 1]!)).toBe(-1);
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(ids.filter((id) => !shape.test(id))).toEqual([]);
});

test("ids ascend within one millisecond beyond the counter, and when the clock goes back", () => {
  const now = Date.now() + 60_000;
  const ids = [
    ...Array.from({ length: 10_000 }, () => newId(now)),
    newId(now - 50_000),
    newId(now - 49_999),
    newId(now + 1000),
  ];
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("an id begins with its time in milliseconds", () => {
  const far = Date.UTC(2100, 0, 1);
  expect(Number.parseInt(newId(far).replace("-", "").slice(0, 12), 16)).toBe(far);
});

test("isId tells ids from other texts", () => {
  expect(isId(newId())).toBe(true);
  expect(isId(newId().toUpperCase())).toBe(true);
  for (const text of ["", "CHG-12", newId().slice(1), `${newId()} `, newId().replaceAll("-", "")]) {
    expect(isId(text)).toBe(false);
  }
});
