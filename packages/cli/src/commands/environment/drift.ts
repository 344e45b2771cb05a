import { answer, defineCommand } from "../../command.ts";
import { oneLine } from "../../output/plain-text.ts";
import { ago } from "../../output/times.ts";

export const command = defineCommand({
  about:
    "Reads the schema as it is now and changes nothing. Deployments are refused while it differs: put it right, or take it over with environment baseline. Exit code 1 where it differs.",
  arguments: [{ name: "environment", about: "name of the environment" }],
  examples: ["change-mgmt environment drift staging", "change-mgmt environment drift production --json"],
  answers: "environments.drift",
  parse: (given) => ({ name: given.word("environment") }),
  async run(context, params) {
    const drift = await context.client("environments.drift", { params });
    return answer(
      drift,
      ({ environment, knownAt, foundHash, drifted, differences, more }, { signs, colours, now }) => {
        if (knownAt === null)
          return [`${environment}: no schema of it is known yet; the first deployment takes it as it finds it.`];
        const since = `the one last known, seen ${ago(knownAt, now)}`;
        if (!drifted && differences.length === 0) return [`${signs.yes} ${environment}: the schema is ${since}.`];
        return [
          `${drifted ? signs.no : signs.yes} ${environment}: the schema is ${drifted ? "not " : ""}${since}${drifted ? "" : " but for the order of columns"}.`,
          ...differences.flatMap(({ kind, object, detail, breaking, affected }) => [
            `  ${breaking ? colours.red("breaking") : "not breaking"}  ${kind.replaceAll("_", " ")} ${oneLine(object)}: ${oneLine(detail)}`,
            affected.length === 0
              ? colours.dim("      nobody is known to use it by a change that is deployed here")
              : `      used by ${affected
                  .map(
                    ({ component, team, changes }) =>
                      `${component} (team ${team ?? "not known"}; ${changes.join(", ")})`,
                  )
                  .join(", ")}`,
          ]),
          ...(more > 0 ? [`  and ${more} more`] : []),
          `to take it over: change-mgmt environment baseline ${environment} --schema-hash=${foundHash} --reason="…"`,
        ];
      },
      drift.drifted ? 1 : 0,
    );
  },
});
