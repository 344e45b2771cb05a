import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { hashPassword } from "../../identity/passwords.ts";
import { Accounts } from "../../testing/accounts.ts";
import { newEmbeddedStore } from "../../testing/stores.ts";

/** What every hash was made with; the hashing itself is the real one. */
const { work } = vi.hoisted(() => ({ work: [] as unknown[] }));
vi.mock(import("node:crypto"), async (load) => {
  const real = await load();
  const scrypt = (...given: Parameters<typeof real.scrypt>) => {
    work.push([given[2], given[3]]);
    return real.scrypt(...given);
  };
  return { ...real, scrypt: scrypt as typeof real.scrypt };
});

let accounts: Accounts;

beforeAll(async () => {
  accounts = await new Accounts(await newEmbeddedStore()).start();
});

afterAll(async () => {
  await accounts.close();
  await accounts.store.close();
});

test("a refused sign-in takes the same work whatever was wrong with it", async () => {
  const known = await accounts.person();
  const disabled = await accounts.person();
  const hash = await hashPassword("the words of this person");
  const { db } = accounts.store;
  for (const handle of [known, disabled])
    await db.insertInto("passwords").values({ handle, hash, changed_at: accounts.now }).execute();
  await db.updateTable("users").set({ disabled_at: accounts.now }).where("handle", "=", disabled).execute();
  const without = await accounts.person();
  const done: unknown[] = [];
  for (const login of [known, disabled, without, "nobody-at-all", "nobody@example.org"]) {
    work.length = 0;
    const refused = await accounts.browser().ask("POST", "/api/session", { login, password: "some other words" });
    expect([login, refused.body.code]).toEqual([login, "SIGN_IN_REFUSED"]);
    done.push([...work]);
  }
  expect(done[0]).toMatchObject([[32, { N: 32_768, r: 8, p: 3 }]]);
  for (const one of done) expect(one).toEqual(done[0]);
});
