import type { HostileCase } from "./case.ts";
import { connections } from "./cases/connections.ts";
import { doors } from "./cases/doors.ts";
import { locks } from "./cases/locks.ts";
import { settings } from "./cases/settings.ts";

/** Every way in which a target is hostile here. */
export const CASES: readonly HostileCase[] = [...locks, ...connections, ...doors, ...settings];
