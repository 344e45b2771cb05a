import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { createUser } from "../assets/people/people-commands.ts";
import { adoptToken, createLink } from "../assets/people/token-commands.ts";
import { loadActor } from "../identity/actors.ts";
import { recordRestore } from "../lifecycle/deployment/hold-deployments.ts";
import type { Db } from "../storage/store.ts";
import { INSTALLER } from "./installer.ts";
import type { Installation } from "./open.ts";
import { makeSampleWorkspace } from "./sample-workspace.ts";

const ADMINISTRATOR = "admin";

export interface FirstStartOptions {
  readonly demo: boolean;
  readonly adminToken?: string;
  readonly say: (line: string) => void;
}

/**
 * Makes an empty store usable: an administrator without a password, the token of whoever installs it, a sign-in link, the sample workspace.
 * Each part is done when it is missing, so that a start which was cut off is made up for by the next.
 */
export async function firstStart(
  installation: Installation,
  { demo, adminToken, say }: FirstStartOptions,
): Promise<Outcome<{ signInCode?: string }>> {
  const { door, store } = installation;
  const request = { actor: INSTALLER };
  const anybody = await store.db.selectFrom("users").select("handle").limit(1).executeTakeFirst();
  if (!anybody) {
    const person = { handle: ADMINISTRATOR, name: "Administrator", roles: ["administrator"] };
    const made = await door.execute(createUser, person, request);
    // Several processes may start on one empty Postgres; one of them makes the administrator.
    if (!made.ok && made.refusal.code !== "HANDLE_TAKEN") return made;
  }
  if (await hasUntoldRestore(store.db)) {
    const told = await door.execute(recordRestore, {}, request);
    if (!told.ok) return told;
  }
  const anyToken = await store.db.selectFrom("api_tokens").select("id").limit(1).executeTakeFirst();
  if (!anyToken && adminToken !== undefined) {
    const token = { user: ADMINISTRATOR, name: "CHANGE_MGMT_ADMIN_TOKEN", secret: adminToken };
    const adopted = await door.execute(adoptToken, token, request);
    if (!adopted.ok) return adopted;
  }
  if (demo) {
    const administrator = await loadActor(store.db, ADMINISTRATOR);
    const sample = administrator ? await makeSampleWorkspace(installation, administrator, say) : accept(true);
    if (!sample.ok) return sample;
  }
  // A shared Postgres may be logged from many places; there a link is given out once, and later by an administrator.
  if (anybody && store.kind === "postgres") return accept({});
  const link = await door.execute(createLink, { user: ADMINISTRATOR }, request);
  return link.ok ? accept({ signInCode: link.value.secret }) : accept({});
}

async function hasUntoldRestore(db: Db): Promise<boolean> {
  const row = await db.selectFrom("deployment_hold").select("untold").executeTakeFirst();
  return row !== undefined && row.untold !== null;
}
