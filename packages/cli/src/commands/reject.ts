import { voteCommand } from "../change/vote.ts";

export const command = voteCommand("reject", "rejected", [
  'change-mgmt reject CHG-12 --comment="The lock is too strong"',
  "change-mgmt reject CHG-12 --hash=4f2a91c07b3e --requirement=owning-team --environment=production",
]);
