import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { successionStatement } from "@change-mgmt/domain/audit/succession.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accepted, refused } from "../testing/small-workspace.ts";
import { endorsedBefore, type Succession, signingKey, verifySignature } from "./signing-key.ts";

// RFC 8032, section 7.1, test 2.
const SEED = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
const PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNED_R =
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "change-mgmt-key-"));
  file = join(folder, "deep", "audit-key");
});

afterEach(() => rmSync(folder, { recursive: true }));

test("a seed gives the key and signatures of RFC 8032", () => {
  const key = accepted(signingKey(SEED.toUpperCase(), file));
  expect(key.publicKey).toBe(PUBLIC);
  expect(key.id).toMatch(/^[0-9a-f]{16}$/);
  expect(key.sign("r")).toBe(SIGNED_R);
  expect(verifySignature(PUBLIC, "r", SIGNED_R)).toBe(true);
});

test("another text, signature or key does not verify, and what is no key verifies nothing", () => {
  const other = accepted(signingKey("1".repeat(64), file));
  expect(verifySignature(PUBLIC, "s", SIGNED_R)).toBe(false);
  expect(verifySignature(PUBLIC, "r", SIGNED_R.replace("92", "93"))).toBe(false);
  expect(verifySignature(other.publicKey, "r", SIGNED_R)).toBe(false);
  expect(verifySignature("no key", "r", SIGNED_R)).toBe(false);
});

test("without one in the environment the file's key is taken, made at first use for its owner's eyes alone", () => {
  const made = accepted(signingKey(undefined, file));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, "deep"))).toEqual(["audit-key"]);
  expect(accepted(signingKey("", file)).id).toBe(made.id);
  expect(readFileSync(file, "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
});

test.each(["", "xyz", "4ccd"])("what is no key is refused, naming where it stands and not what it says: %j", (text) => {
  writeFileSync(join(folder, "audit-key"), text);
  const refusal = refused(signingKey(undefined, join(folder, "audit-key")));
  expect(refusal.code).toBe("AUDIT_KEY_INVALID");
  expect(refusal.message).toContain(join(folder, "audit-key"));
  expect(refused(signingKey("4ccd", file)).message).toBe("CHANGE_MGMT_AUDIT_KEY does not hold an audit key.");
});

test("a rotated key is a new one in the file, named by the old one, and signs only once that is recorded", async () => {
  const key = accepted(signingKey(undefined, file));
  const before = { id: key.id, publicKey: key.publicKey };
  let named: Succession | undefined;
  const rotated = await key.rotate(async (succession) => {
    named = succession;
    expect({ id: key.id, publicKey: key.publicKey }).toEqual(before);
    expect(accepted(signingKey(undefined, file)).id).toBe(succession.id);
    return accept("recorded");
  });
  expect(accepted(rotated)).toBe("recorded");
  expect(named).toMatchObject({ id: key.id, publicKey: key.publicKey, endorsedBy: before.id });
  expect(key.id).not.toBe(before.id);
  expect(verifySignature(key.publicKey, "r", key.sign("r"))).toBe(true);
  const statement = successionStatement(before.id, key.publicKey);
  expect(verifySignature(before.publicKey, statement, named!.endorsement)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, "deep"))).toEqual(["audit-key"]);
});

test("where the record is refused or fails the old key stays, in the file as well", async () => {
  const key = accepted(signingKey(undefined, file));
  const { id } = key;
  const text = readFileSync(file, "utf8");
  expect(refused(await key.rotate(async () => refuse("NO", "No.", "None.")))).toMatchObject({ code: "NO" });
  await expect(key.rotate(() => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect([key.id, readFileSync(file, "utf8")]).toEqual([id, text]);
});

test("a key of the environment is replaced there, and names the one before it when that is given", async () => {
  const key = accepted(signingKey(SEED, file));
  const never = () => Promise.reject(new Error("never asked"));
  expect(refused(await key.rotate(never)).code).toBe("AUDIT_KEY_FIXED");
  const old = accepted(signingKey("1".repeat(64), file));
  const named = accepted(endorsedBefore("1".repeat(64), key))!;
  expect(named).toMatchObject({ id: key.id, publicKey: PUBLIC, endorsedBy: old.id });
  expect(verifySignature(old.publicKey, successionStatement(old.id, PUBLIC), named.endorsement)).toBe(true);
  expect(accepted(endorsedBefore("", key))).toBeUndefined();
  expect(refused(endorsedBefore("xyz", key)).message).toContain("CHANGE_MGMT_AUDIT_KEY_BEFORE");
});
