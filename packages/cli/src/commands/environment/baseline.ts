import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about:
    "For an environment whose schema drifted, after the drift was looked at. The reason is part of the audit trail.",
  arguments: [{ name: "environment", about: "name of the environment" }],
  options: [
    { flags: "--reason <text>", about: "why the schema is as it should be" },
    { flags: "--schema-hash <hash>", about: "of what environment drift showed; refused where it is another by now" },
  ],
  examples: ['change-mgmt environment baseline staging --reason="Index added by hand during the outage"'],
  answers: "environments.baseline",
  parse: (given) => ({
    name: given.word("environment"),
    reason: given.required("reason"),
    schemaHash: given.text("schemaHash"),
  }),
  async run(context, { name, reason, schemaHash }) {
    const body = { reason, ...(schemaHash === undefined ? {} : { schemaHash }) };
    const result = await context.client("environments.baseline", { params: { name }, body });
    return answer(result, (clean) => [
      `${clean.environment}: ${clean.objects} objects are now the known schema (${clean.schemaHash}).`,
    ]);
  },
});
