import type { CallOutput } from "@change-mgmt/api/client.ts";

type Board = CallOutput<"boards.list">["items"][number];
type Delegation = CallOutput<"delegations.list">["items"][number];

/** Everybody who has a seat on a board now, each once. */
export function holdersOf({ members }: Pick<Board, "members">): readonly string[] {
  return [...new Set(members.flatMap(({ holders }) => holders))];
}

/** Whether a person is heard in a board's meeting: by a seat of their own, or as a stand-in at this moment (milliseconds). */
export function isHeard(
  board: Pick<Board, "members">,
  person: string,
  delegations: readonly Pick<Delegation, "person" | "delegate" | "from" | "until" | "endedAt">[],
  now: number,
): boolean {
  const holders = holdersOf(board);
  return (
    holders.includes(person) ||
    delegations.some(
      (one) =>
        one.delegate === person &&
        one.endedAt === null &&
        Date.parse(one.from) <= now &&
        now < Date.parse(one.until) &&
        holders.includes(one.person),
    )
  );
}
