import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  about:
    "For an environment whose schema drifted, after the drift was looked at. The reason is part of the audit trail.",
  arguments: [{ name: "environment", about: "name of the environment" }],
  options: [{ flags: "--reason <text>", about: "why the schema is as it should be" }],
  examples: ['change-mgmt environment baseline staging --reason="Index added by hand during the outage"'],
  answers: "environments.baseline",
  parse: (given) => ({ name: given.word("environment"), reason: given.required("reason") }),
  async run(context, { name, reason }) {
    const result = await context.client("environments.baseline", { params: { name }, body: { reason } });
    return answer(result, (clean) => [
      `${clean.environment}: ${clean.objects} objects are now the known schema (${clean.schemaHash}).`,
    ]);
  },
});
