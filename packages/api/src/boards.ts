import { z } from "zod";

const time = z.iso.datetime();

/** A board of a process in force: who sits on it, when it meets and how soon in an emergency. */
export const Board = z
  .object({
    id: z.string(),
    process: z.string(),
    title: z.string(),
    chair: z.string().describe("A position"),
    members: z.array(z.object({ position: z.string(), holders: z.array(z.string()) })),
    meets: z.string().nullable().describe("When it meets, in words"),
    nextMeeting: z.object({ from: time, to: time }).nullable(),
    convenesWithin: z.string().nullable().describe("How soon it convenes in an emergency, in words"),
  })
  .meta({ id: "Board" });

/** One change that waits for a board, with what is known of it. */
export const AgendaEntry = z
  .object({
    change: z.object({
      number: z.string(),
      title: z.string(),
      type: z.string(),
      status: z.string(),
      requester: z.string(),
      team: z.string().nullable(),
      breaking: z.boolean(),
      contentHash: z.string(),
      description: z.string(),
      facts: z.record(z.string(), z.unknown()),
    }),
    asked: z.array(
      z.object({
        requirement: z.string(),
        title: z.string(),
        environments: z.array(z.string()),
        decision: z.string(),
        standing: z.string().describe("How the vote stands, in words"),
        ratifies: z.boolean(),
        dueAt: time.nullable(),
      }),
    ),
    validation: z.enum(["passed", "failed", "inconclusive"]),
    checks: z.array(z.object({ title: z.string(), result: z.string(), message: z.string() })),
    impact: z.string().nullable(),
    votes: z.array(
      z.object({
        voter: z.string(),
        for: z.string().optional(),
        decision: z.string(),
        comment: z.string().optional(),
      }),
    ),
    recusals: z.array(z.object({ person: z.string(), reason: z.string() })),
  })
  .meta({ id: "AgendaEntry" });

export const Agenda = z
  .object({
    board: Board,
    items: z.array(AgendaEntry),
    more: z.boolean().describe("Whether there are more changes than were looked through"),
  })
  .meta({ id: "Agenda" });
