import { answer, defineCommand } from "../command.ts";
import { delegationTable, momentOf } from "../people/delegation-table.ts";

export const command = defineCommand({
  about:
    "That person votes for you in this time, where you could, and every such vote says that it is yours; on changes that one of you requested, nobody does. change-mgmt delegation end ends it.",
  arguments: [{ name: "person", about: "handle of who votes for you" }],
  options: [
    { flags: "--from <moment>", about: "when it begins: a day, or RFC 3339; now when left out" },
    { flags: "--until <moment>", about: "when it ends: a day, which still belongs to it, or RFC 3339" },
    { flags: "--of <person>", about: "whose votes they are; your own when left out" },
    { flags: "--reason <text>", about: "why" },
  ],
  examples: ["change-mgmt delegate ben --from=2026-12-21 --until=2027-01-03 --reason=Holidays"],
  answers: "delegations.make",
  parse(given) {
    const [from, person, reason] = [given.text("from"), given.text("of"), given.text("reason")];
    return {
      delegate: given.word("person"),
      until: momentOf("until", given.required("until"), true),
      ...(from === undefined ? {} : { from: momentOf("from", from, false) }),
      ...(person === undefined ? {} : { person }),
      ...(reason === undefined ? {} : { reason }),
    };
  },
  async run(context, body) {
    const made = await context.client("delegations.make", { body });
    return answer(made, (clean, page) => delegationTable([clean], page));
  },
});
