import { CastVote } from "@change-mgmt/api/changes.ts";
import { decideVote } from "@change-mgmt/domain/lifecycle/approval/vote.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";
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
    const decided = decideVote({
      process,
      change,
      ...(input.environment === undefined ? {} : { environment: input.environment }),
      ...(input.requirement === undefined ? {} : { requirement: input.requirement }),
      ...(input.comment === undefined ? {} : { comment: input.comment }),
      ...(input.for === undefined ? {} : { for: input.for }),
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
      },
    }));
    return afterAnswer(context, { ...change, votes: [...change.votes, ...votes] }, events);
  },
});

const VOTE_EVENTS = { approve: "approved", reject: "rejected", abstain: "abstained" } as const;
