import { ROLES } from "@change-mgmt/domain/identity/roles.ts";
import { z } from "zod";
import { Handle } from "./people.ts";

export const SamplePerson = z
  .object({
    handle: z.string(),
    name: z.string(),
    roles: z.array(z.enum(ROLES)),
    teams: z.array(z.string()),
    waiting: z.number().int().describe("How many things wait for this person"),
    first: z.string().nullable().describe("The first of them, in a sentence"),
  })
  .meta({ id: "SamplePerson" });

/** The sample workspace: how far its making is, and whom one can sign in as where that is offered. */
export const Sample = z
  .object({
    state: z
      .enum(["none", "people", "making", "made", "removing", "removed"])
      .describe("`people`: without changes; `making`: its changes are being made"),
    made: z.number().int().describe("Changes that have come to where they were wanted"),
    inAll: z.number().int(),
    signIn: z.boolean().describe("Whether one may sign in as its people here, without a password"),
    people: z.array(SamplePerson).describe("Empty where signing in as them is not offered"),
  })
  .meta({ id: "Sample" });

export const SampleSignIn = z.object({ user: Handle }).meta({ id: "SampleSignIn" });

/** What removing the sample takes away. */
export const SampleRemoval = z
  .object({
    done: z.boolean().describe("False for a look at what would be removed"),
    changes: z.array(z.string()).describe("Their numbers, which are not given out again"),
    people: z.array(z.string()),
    teams: z.array(z.string()),
    environments: z.array(z.string()).describe("Whose sample databases are removed"),
    running: z.array(z.string()).describe("Changes whose deployments are stopped first"),
  })
  .meta({ id: "SampleRemoval" });

export const RemoveSample = z
  .object({ dryRun: z.boolean().default(false).describe("Only says what would be removed") })
  .meta({ id: "RemoveSample" });
export const MakeSample = z.object({}).meta({ id: "MakeSample" });
