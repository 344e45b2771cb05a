import { expect, test } from "vitest";
import { widens } from "./type-widening.ts";

test.each([
  ["text", "text"],
  ["smallint", "bigint"],
  ["character varying(10)", "character varying(20)"],
  ["character varying(10)", "character varying"],
  ["character varying(10)", "text"],
  ["numeric(5,2)", "numeric(8,2)"],
  ["numeric(5)", "numeric(6)"],
  ["numeric(5,2)", "numeric"],
  ["timestamp(3) with time zone", "timestamp with time zone"],
])("%s fits into %s", (from, to) => {
  expect(widens(from, to)).toBe(true);
});

test.each([
  ["bigint", "integer"],
  ["integer", "text"],
  ["text", "character varying(10)"],
  ["character varying(20)", "character varying(10)"],
  ["character varying", "character varying(10)"],
  ["character(3)", "character"],
  ["numeric", "numeric(5,2)"],
  ["numeric(5,2)", "numeric(5,3)"],
  ["numeric(6,2)", "numeric(5,2)"],
  ["timestamp with time zone", "timestamp(3) with time zone"],
])("%s does not fit into %s", (from, to) => {
  expect(widens(from, to)).toBe(false);
});
