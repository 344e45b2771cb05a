import { expect, test } from "vitest";
import { EMPTY_HEAD, seal } from "./chain.ts";
import { exportHeader, exportLine, exportSeal } from "./export.ts";
import { merkleRoot } from "./merkle.ts";
import { sealStatement, signHead } from "./seal.ts";

const { head } = seal(EMPTY_HEAD, [{ id: "1", hash: "ab".repeat(32) }]);
const root = merkleRoot(head.frontier);
const time = "2026-11-21T10:00:00.5Z";
const signature = "0f".repeat(64);

test("the statement names everything the signature is for, a line each", () => {
  expect(sealStatement(head, time, "key-1")).toBe(`change-mgmt/seal/2\n1\n${root}\n${time}\nkey-1\n`);
});

test("a seal is the head with its signature", () => {
  const signed: string[] = [];
  const sign = (statement: string) => {
    signed.push(statement);
    return signature;
  };
  expect(signHead(head, time, "key-1", sign)).toEqual({
    count: 1,
    root,
    time,
    keyId: "key-1",
    signature,
  });
  expect(signed).toEqual([sealStatement(head, time, "key-1")]);
});

test("what could be read in two ways is not signed", () => {
  expect(() => sealStatement(head, `${time}\nx`, "key-1")).toThrow(RangeError);
  expect(() => sealStatement(head, time, "key\n1")).toThrow(RangeError);
  expect(() => signHead(head, time, "key-1", () => signature.toUpperCase())).toThrow(RangeError);
});

test("the lines of an export are canonical and leave out what is not theirs", () => {
  const place = { id: "row 7", seq: 1, prev: "p", hash: "h" };
  expect(exportLine(place, '{"a":1}')).toBe('{"entry":{"a":1},"hash":"h","kind":"entry","prev":"p","seq":1}');
  const signed = { ...signHead(head, time, "key-1", () => signature), id: "row 8" };
  expect(exportHeader(signed)).toBe(
    `{"count":1,"format":"change-mgmt/audit-export/2","keyId":"key-1","kind":"header","time":"${time}"}`,
  );
  expect(exportSeal(signed)).toBe(
    `{"count":1,"keyId":"key-1","kind":"seal","root":"${root}","signature":"${signature}","time":"${time}"}`,
  );
});
