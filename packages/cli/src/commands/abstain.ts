import { voteCommand } from "../change/vote.ts";

export const command = voteCommand("abstain", "abstained on", [
  'change-mgmt abstain CHG-12 --comment="I wrote a part of it"',
  "change-mgmt abstain CHG-12 --hash=4f2a91c07b3e --requirement=owning-team --environment=production",
]);
