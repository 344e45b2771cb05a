import { CastVote } from "@change-mgmt/api/changes.ts";
import { type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { decideVoteInMeeting, type VoteInMeeting } from "@change-mgmt/domain/lifecycle/approval/meeting.ts";
import { decideVote } from "@change-mgmt/domain/lifecycle/approval/vote.ts";
import { z } from "zod";
import { type ChangeContext, defineChangeCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";
import { loadMeeting, meetingOf } from "../../storage/meeting-record.ts";
import { afterAnswer } from "./after-answer.ts";

const Input = CastVote.extend({ id: z.string() });

/** Casts a vote, bound to the content the voter looked at. A rejection takes the change where its process says. */
export const castVote = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.vote",
  permission: "change.vote",
  duty: "approve",
  input: Input,
  async run(context, input) {
    const { change, process, situation, actor, now } = context;
    const meeting = input.meeting === undefined ? undefined : await voteInMeeting(context, input.meeting);
    if (meeting?.ok === false) return meeting;
    const decided = decideVote({
      process,
      change,
      ...(input.environment === undefined ? {} : { environment: input.environment }),
      ...(input.requirement === undefined ? {} : { requirement: input.requirement }),
      ...(input.comment === undefined ? {} : { comment: input.comment }),
      ...(input.for === undefined ? {} : { for: input.for }),
      ...(meeting === undefined ? {} : { meeting: meeting.value }),
      decision: input.decision,
      contentHash: input.contentHash,
      voter: { handle: actor.handle, roles: actor.roles, teams: actor.teams, positions: actor.positions },
      people: situation.people,
      now: now.toISOString(),
      voteId: () => newId(),
    });
    if (!decided.ok) return decided;
    const votes = decided.value.map(({ vote }) => vote);
    const events = votes.map((vote) => ({
      type: `vote.${VOTE_EVENTS[vote.decision]}`,
      details: {
        requirement: vote.requirement,
        environment: vote.environment ?? null,
        comment: vote.comment ?? null,
        contentHash: vote.contentHash,
        ...(vote.for === undefined ? {} : { for: vote.for }),
        ...(vote.meeting === undefined ? {} : { meeting: vote.meeting.id, present: vote.meeting.present }),
      },
    }));
    return afterAnswer(context, { ...change, votes: [...change.votes, ...votes] }, events);
  },
});

/** The meeting a vote is cast in, which is not closed before the vote is written down. */
async function voteInMeeting(
  { tx, process, situation, actor, now }: ChangeContext,
  id: string,
): Promise<Outcome<VoteInMeeting>> {
  const kept = await loadMeeting(tx, id, "share");
  if (!kept.ok) return kept;
  const meeting = meetingOf(kept.value);
  const board = process.boards?.find((candidate) => candidate.id === meeting.board);
  const person = situation.people.find(({ handle }) => handle === actor.handle);
  if (board === undefined || person === undefined) {
    return refuse("NOT_ON_AGENDA", "The change has nothing to do with the board of this meeting.", "Vote outside it.");
  }
  return decideVoteInMeeting({
    meeting,
    board,
    people: situation.people,
    person,
    process: process.name,
    now: now.toISOString(),
  });
}

const VOTE_EVENTS = { approve: "approved", reject: "rejected", abstain: "abstained" } as const;
