import type { Change, DomainEvent } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { evaluateApprovals } from "@change-mgmt/domain/lifecycle/approval/quorum.ts";
import { possibleTriggers } from "@change-mgmt/domain/process/transition.ts";
import type { ChangeContext, ChangeResult } from "../../commands/command.ts";

/**
 * What follows when somebody has voted or keeps out: where the process says so, a change that was decided against is rejected. One member
 * of a board against it does not decide; the answer that makes the board's decision does.
 */
export function afterAnswer(
  { process, situation, move }: ChangeContext,
  answered: Change,
  events: readonly DomainEvent[],
): Outcome<ChangeResult<{ id: string }>> {
  const value = { id: answered.id };
  const { facts } = answered;
  const isRejected = answered.environments.some(
    (environment) =>
      evaluateApprovals({ process, change: answered, environment, facts, people: situation.people }).rejected,
  );
  if (!isRejected || !possibleTriggers(process, facts, answered.stage).includes("reject")) {
    return accept({ change: answered, events, value });
  }
  const moved = move("reject", answered);
  if (!moved.ok) return moved;
  return accept({ change: moved.value.change, moved: moved.value, events, value });
}
