import { Withdraw } from "@change-mgmt/api/changes.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { decideWithdrawal } from "@change-mgmt/domain/lifecycle/approval/withdrawal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";

const Input = Withdraw.extend({ id: z.string() });

/** Takes back a person's votes and recusal, as far as nothing was decided by them. */
export const withdrawVote = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.withdraw-vote",
  permission: "change.vote",
  input: Input,
  async run({ change, process, situation, actor, now }, { requirement }) {
    const { people } = situation;
    const decided = decideWithdrawal({
      process,
      change,
      person: actor.handle,
      people,
      now: now.toISOString(),
      ...(requirement === undefined ? {} : { requirement }),
    });
    if (!decided.ok) return decided;
    const { votes, recusals, taken, recusal } = decided.value;
    const withdrawn = taken.map(({ requirement, environment = null, decision, voter, contentHash, ...vote }) => ({
      type: "vote.withdrawn",
      details: { requirement, environment, decision, voter, contentHash, ...(vote.for ? { for: vote.for } : {}) },
    }));
    const back = recusal === undefined ? [] : [{ type: "recusal.withdrawn", details: { reason: recusal.reason } }];
    return accept({
      change: { ...change, votes, recusals },
      events: [...withdrawn, ...back],
      value: { id: change.id },
    });
  },
});
