import { CastVote } from "@change-mgmt/api/changes.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { evaluateApprovals } from "@change-mgmt/domain/lifecycle/approval/quorum.ts";
import { decideVote } from "@change-mgmt/domain/lifecycle/approval/vote.ts";
import { possibleTriggers } from "@change-mgmt/domain/process/transition.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { newId } from "../../storage/ids.ts";

const Input = CastVote.extend({ id: z.string() });

/** Casts a vote, bound to the content the voter looked at. A rejection takes the change where its process says. */
export const castVote = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.vote",
  permission: "change.vote",
  duty: "approve",
  input: Input,
  async run({ change, process, situation, actor, now, move }, input) {
    const decided = decideVote({
      process,
      change,
      ...(input.environment === undefined ? {} : { environment: input.environment }),
      ...(input.requirement === undefined ? {} : { requirement: input.requirement }),
      ...(input.comment === undefined ? {} : { comment: input.comment }),
      decision: input.decision,
      contentHash: input.contentHash,
      voter: { handle: actor.handle, roles: actor.roles, teams: actor.teams, positions: actor.positions },
      people: situation.people,
      now: now.toISOString(),
      voteId: () => newId(),
    });
    if (!decided.ok) return decided;
    const votes = decided.value.map(({ vote }) => vote);
    const voted = { ...change, votes: [...change.votes, ...votes] };
    const events = votes.map((vote) => ({
      type: `vote.${VOTE_EVENTS[vote.decision]}`,
      details: {
        requirement: vote.requirement,
        environment: vote.environment ?? null,
        comment: vote.comment ?? null,
        contentHash: vote.contentHash,
      },
    }));
    const value = { id: change.id };
    // One member of a board against it does not decide; the vote that makes the board's decision does.
    const { facts } = voted;
    const isRejected = change.environments.some(
      (environment) =>
        evaluateApprovals({ process, change: voted, environment, facts, people: situation.people }).rejected,
    );
    if (!isRejected || !possibleTriggers(process, voted.facts, voted.stage).includes("reject"))
      return accept({ change: voted, events, value });
    const moved = move("reject", voted);
    if (!moved.ok) return moved;
    return accept({ change: moved.value.change, moved: moved.value, events, value });
  },
});

const VOTE_EVENTS = { approve: "approved", reject: "rejected", abstain: "abstained" } as const;
