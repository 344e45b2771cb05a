import { z } from "zod";
import { Handle } from "./people.ts";

const time = z.iso.datetime({ offset: true });

/** That somebody votes for another from a moment on and until another. */
export const Delegation = z
  .object({
    id: z.string(),
    person: z.string().describe("Whose votes they are"),
    delegate: z.string().describe("Who casts them"),
    from: time,
    until: time,
    reason: z.string().nullable(),
    madeBy: z.string(),
    endedAt: time.nullable().describe("When it was ended before its time"),
  })
  .meta({ id: "Delegation" });

export const MakeDelegation = z
  .object({
    person: Handle.optional().describe("Left out: oneself; for others only whoever manages people"),
    delegate: Handle,
    from: time.optional().describe("Left out: from now on"),
    until: time,
    reason: z.string().min(1).max(1000).optional(),
  })
  .meta({ id: "MakeDelegation" });

export const EndDelegation = z.object({ id: z.string() });
