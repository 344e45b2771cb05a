import type { Actor } from "@change-mgmt/domain/identity/roles.ts";

/** Who acts before there is anybody: the installation itself, in the name of whoever started it. */
export const INSTALLER: Actor = {
  userId: "00000000-0000-7000-8000-000000000002",
  handle: "installer",
  roles: ["administrator"],
  teams: [],
  positions: [],
};
