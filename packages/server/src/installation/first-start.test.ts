import { expect, test } from "vitest";
import { newDataFolder } from "../testing/stores.ts";
import { firstStart } from "./first-start.ts";
import { openInstallation } from "./open.ts";
import { SAMPLE_PEOPLE } from "./sample-workspace.ts";

const said: string[] = [];
const options = { say: (line: string) => void said.push(line) };

async function opened(dataDir: string) {
  const installation = await openInstallation({ dataDir, env: {}, owner: "a test", ...options });
  if (!installation.ok) throw new Error(installation.refusal.message);
  return installation.value;
}

test("a first start that was cut off is made up for by the next, and a second one adds nothing", async () => {
  const { dataDir, remove } = await newDataFolder();
  const installation = await opened(dataDir);
  const { db } = installation.store;
  const people = async () =>
    (await db.selectFrom("users").select("handle").orderBy("handle").execute()).map((row) => row.handle);
  try {
    expect(await firstStart(installation, { demo: false, ...options })).toMatchObject({ ok: true });
    expect(await people()).toEqual(["admin"]);
    expect(
      await firstStart(installation, { demo: true, adminToken: "a-token-of-the-installer", ...options }),
    ).toMatchObject({ ok: true });
    const all = ["admin", ...SAMPLE_PEOPLE.map(({ handle }) => handle)].sort();
    expect(await people()).toEqual(all);
    // As if the process had been killed before its last two people.
    for (const handle of SAMPLE_PEOPLE.slice(-2).map((person) => person.handle)) {
      for (const table of ["user_roles", "team_members"] as const)
        await db.deleteFrom(table).where("handle", "=", handle).execute();
      await db.deleteFrom("users").where("handle", "=", handle).execute();
    }
    expect(
      await firstStart(installation, { demo: true, adminToken: "another-token-comes-late", ...options }),
    ).toMatchObject({ ok: true });
    expect(await people()).toEqual(all);
    expect(await db.selectFrom("api_tokens").select("name").execute()).toEqual([{ name: "CHANGE_MGMT_ADMIN_TOKEN" }]);
    expect(await db.selectFrom("configurations").select("version").execute()).toEqual([{ version: 1 }]);
    said.length = 0;
    expect(await firstStart(installation, { demo: true, ...options })).toMatchObject({
      ok: true,
      value: { signInCode: expect.any(String) },
    });
    expect(said).toEqual([]);
  } finally {
    await installation.store.close();
    await remove();
  }
});
