import { z } from "zod";

const time = z.iso.datetime({ offset: true });

/** What a meeting came to about one approval of a change. */
export const MeetingDecision = z
  .object({
    change: z.object({ number: z.string(), title: z.string(), contentHash: z.string() }),
    requirement: z.string(),
    title: z.string(),
    outcome: z.enum(["approved", "rejected", "open"]),
    standing: z.string().describe("How the vote stands, in words"),
    votes: z.array(
      z.object({
        voter: z.string(),
        for: z.string().optional(),
        decision: z.string(),
        comment: z.string().optional(),
        withdrawn: z.boolean(),
      }),
    ),
  })
  .meta({ id: "MeetingDecision" });

/** A meeting of a board with who was there, what was decided and what was noted. */
export const Meeting = z
  .object({
    id: z.string(),
    process: z.string(),
    board: z.string(),
    title: z.string().describe("Of the board"),
    urgent: z.boolean(),
    state: z.enum(["convened", "open", "closed", "called-off"]),
    from: time,
    to: time.nullable().describe("When it is planned to end; an emergency has no plan"),
    reason: z.string().nullable().describe("Why it was convened in an emergency, or called off"),
    convenedBy: z.string(),
    convenedAt: time,
    openedBy: z.string().nullable(),
    openedAt: time.nullable(),
    endedBy: z.string().nullable(),
    endedAt: time.nullable(),
    leads: z.array(z.string()).describe("Who may write down who is there, keep the notes and close it"),
    members: z.array(z.string()).describe("Who has a seat now"),
    attendance: z.array(
      z.object({
        person: z.string(),
        seat: z.boolean().describe("Whether they have a seat; the others are guests or stand-ins"),
        arrivedAt: time,
        leftAt: time.nullable(),
        notedBy: z.string(),
      }),
    ),
    quorum: z.object({ seats: z.number(), needed: z.number(), reached: z.boolean() }).describe("By seats present now"),
    decisions: z.array(MeetingDecision).describe("As they stand; from closing on as they stood then"),
    notes: z.string(),
    notedBy: z.string().nullable(),
  })
  .meta({ id: "Meeting" });

export const Convene = z
  .object({
    urgent: z.boolean().default(false),
    from: time.optional().describe("Left out: the next regular meeting that is not convened; in an emergency now"),
    reason: z.string().min(1).max(1000).optional().describe("Why, in an emergency"),
  })
  .meta({ id: "Convene" });

export const Attend = z
  .object({
    person: z.string().min(1).max(100).optional().describe("Left out: oneself; others by whoever leads it"),
    present: z.boolean().default(true).describe("False: has left"),
  })
  .meta({ id: "Attend" });

export const MeetingNotes = z.object({ notes: z.string().max(20_000) }).meta({ id: "MeetingNotes" });

export const CallOff = z.object({ reason: z.string().min(1).max(1000) }).meta({ id: "CallOff" });
