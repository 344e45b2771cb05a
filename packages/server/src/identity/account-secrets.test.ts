import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AccountKey, accountKey } from "./account-key.ts";
import { senderOf } from "./attempts.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { sessionTerms, trustedProxies } from "./settings.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "change-mgmt-key-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function keyOf(fromEnvironment: string | undefined, file = "none"): AccountKey {
  const key = accountKey(fromEnvironment, join(folder, file));
  if (!key.ok) throw new Error(key.refusal.message);
  return key.value;
}

test("what is sealed opens with the same key for the same owner, and not otherwise", () => {
  const key = keyOf("12".repeat(32));
  const sealed = key.seal("a secret", "ada");
  expect(sealed).not.toContain("secret");
  expect(key.seal("a secret", "ada")).not.toBe(sealed);
  expect(key.open(sealed, "ada")).toBe("a secret");
  expect(keyOf("12".repeat(32)).open(sealed, "ada")).toBe("a secret");
  expect(key.open(sealed, "bob")).toBeUndefined();
  expect(keyOf("13".repeat(32)).open(sealed, "ada")).toBeUndefined();
  const bytes = Buffer.from(sealed.slice(2), "base64url");
  bytes[bytes.length - 1]! ^= 1;
  expect(key.open(`1.${bytes.toString("base64url")}`, "ada")).toBeUndefined();
  expect(key.open("1.", "ada")).toBeUndefined();
});

test("with a further key, what either sealed opens, and what the further one sealed is sealed anew", () => {
  const [old, next] = ["12".repeat(32), "13".repeat(32)];
  const key = accountKey(next, "none", old);
  if (!key.ok) throw new Error(key.refusal.message);
  const sealed = keyOf(old).seal("a secret", "ada");
  expect(key.value.open(sealed, "ada")).toBe("a secret");
  const anew = key.value.reseal(sealed, "ada")!;
  expect(keyOf(next).open(anew, "ada")).toBe("a secret");
  expect(key.value.reseal(anew, "ada")).toBeUndefined();
  expect(key.value.reseal(sealed, "bob")).toBeUndefined();
  expect(keyOf(next).reseal(sealed, "ada")).toBeUndefined();
  expect(accountKey(next, "none", "x")).toMatchObject({ refusal: { code: "ACCOUNT_KEY_INVALID" } });
});

test("without one in the environment the key is a file that only its owner reads, made once", () => {
  const first = keyOf(undefined, "data/account-key");
  const file = join(folder, "data/account-key");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, "utf8");
  expect(keyOf("", "data/account-key").open(first.seal("x", "a"), "a")).toBe("x");
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("a key that is none is refused without being repeated", () => {
  const refused = accountKey("not a key", "none");
  expect(refused).toMatchObject({ ok: false, refusal: { code: "ACCOUNT_KEY_INVALID" } });
  expect(JSON.stringify(refused)).not.toContain("not a key");
});

test("a password is known by its hash, salted, however its letters are composed; without a hash nothing is right", async () => {
  const [one, two] = await Promise.all([
    hashPassword("caf\u00e9 au lait, s'il"),
    hashPassword("caf\u00e9 au lait, s'il"),
  ]);
  expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(two).not.toBe(one);
  expect(
    await Promise.all(["cafe\u0301 au lait, s'il", "cafe au lait, s'il"].map((text) => verifyPassword(text, one))),
  ).toEqual([true, false]);
  expect(await verifyPassword("caf\u00e9 au lait, s'il", undefined)).toBe(false);
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8:1:2::9", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["", ""],
])("a sender at %s is counted as %s", (address, sender) => {
  expect(senderOf(address)).toBe(sender);
});

test("sessions last as long as is set, within bounds", () => {
  expect(sessionTerms({})).toMatchObject({ value: { idleMs: 8 * 3_600_000, longestMs: 168 * 3_600_000 } });
  const set = { CHANGE_MGMT_SESSION_IDLE_MINUTES: "30", CHANGE_MGMT_SESSION_MAX_HOURS: "12" };
  expect(sessionTerms(set)).toEqual({ ok: true, value: { idleMs: 1_800_000, longestMs: 43_200_000 } });
  for (const text of ["0", "-1", "1.5", "forever", "99999999"]) {
    expect(sessionTerms({ CHANGE_MGMT_SESSION_MAX_HOURS: text })).toMatchObject({
      refusal: { code: "SETTING_INVALID" },
    });
  }
});

test("proxies are trusted only when they are named", () => {
  const trusted = (text?: string) => trustedProxies({ CHANGE_MGMT_TRUST_PROXY: text });
  expect([trusted(), trusted(""), trusted("false"), trusted("true")]).toEqual([false, false, false, true]);
  expect(trusted("10.0.0.1, 10.1.0.0/16")).toEqual(["10.0.0.1", "10.1.0.0/16"]);
});
