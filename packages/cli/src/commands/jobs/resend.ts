import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  arguments: [{ name: "job", about: "id of the work, as jobs dead shows it" }],
  examples: ["change-mgmt jobs resend 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11"],
  parse: (given) => given.word("job"),
  async run(context, id) {
    await context.client("jobs.resend", { params: { id } });
    return answer({ id, resent: true }, (clean) => [`${clean.id} is tried again.`]);
  },
});
