import { voteCommand } from "../change/vote.ts";

export const command = voteCommand("approve", "approved", [
  "change-mgmt approve CHG-12",
  "change-mgmt approve CHG-12 --hash=4f2a91c07b3e --requirement=owning-team --environment=production",
]);
