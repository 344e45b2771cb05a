/** One line that somebody types in the demo. */
export interface Act {
  /** Handle of the sample person who types it. */
  readonly as: string;
  /** Why they do it, for whoever watches. */
  readonly because: string;
  /** What is typed after `change-mgmt`; `CHANGE` stands for the number, `FOLDER` for where files of the demo go. */
  readonly line: readonly string[];
  /** True where the point is that it is refused. */
  readonly refused?: string;
  /** A status to wait for before the line is typed, such as after a rehearsal in the background. */
  readonly after?: string;
}

/** A part of the change's life, as the audience sees it. */
export interface Scene {
  readonly title: string;
  readonly acts: readonly Act[];
}

const step = (as: string, id: string, note: string): Act => ({
  as,
  because: `completes the step ${id}`,
  line: ["step", "complete", "CHANGE", id, `--note=${note}`],
});

/** The whole way of one change of the sample repository: forward, refused, back, forward again, closed, verified. */
export function demoScript(change: {
  readonly form: string;
  readonly up: string;
  readonly down: string;
}): readonly Scene[] {
  return [
    {
      title: "1 Request",
      acts: [
        {
          as: "rosa",
          because: "asks for a change, with its migration and the way back",
          line: [
            "create",
            `--from=${change.form}`,
            `--migration=${change.up}`,
            `--down=${change.down}`,
            "--name=20260406090000_add_user_preferences.sql",
          ],
        },
        { as: "rosa", because: "submits it; the process pins itself and finds the team", line: ["submit", "CHANGE"] },
      ],
    },
    {
      title: "2 Impact analysis and planning",
      acts: [
        {
          as: "dev",
          because: "says what it touches",
          line: [
            "assess",
            "CHANGE",
            "--impact=One column more on users. Web app and bot read it; nothing that exists reads differently.",
          ],
        },
        step("dev", "templates", "The migration was written by hand; no template needed."),
      ],
    },
    {
      title: "3 Implementation",
      acts: [
        step("dev", "migration-files", "20260406090000_add_user_preferences.sql with its down part."),
        step(
          "dev",
          "repository-methods",
          "getPreferences and setPreferences in both implementations of the repository.",
        ),
        step("dev", "api-endpoints", "GET and PATCH /api/users/:id carry preferences."),
        step("dev", "client-methods", "The client has both methods."),
      ],
    },
    {
      title: "4 Validation: the engine has rehearsed the migration up and down",
      acts: [
        {
          as: "quinn",
          because: "hands in what the test run found",
          line: ["report", "send", "CHANGE", "--kind=tests", "--commit=4f2a9c1", "--passed=128", "--failed=0"],
          after: "validating",
        },
        step("quinn", "automated-tests", "128 tests passed on 4f2a9c1."),
      ],
    },
    {
      title: "5 Review and approval",
      acts: [
        {
          as: "dev",
          because: "links the reviewed pull request",
          line: ["step", "complete", "CHANGE", "code-review", "--link=https://git.example/shop/pull/41"],
          after: "awaiting_approval",
        },
        { as: "rosa", because: "tries to approve her own change", line: ["approve", "CHANGE"], refused: "OWN_CHANGE" },
        {
          as: "olga",
          because: "tries to deploy before anybody approved",
          line: ["deploy", "CHANGE", "--environment=development"],
          refused: "NO_TRANSITION",
        },
        {
          as: "lena",
          because: "leads the owning team and approves what she looked at",
          line: ["approve", "CHANGE", "--comment=Fine, and the rollback was rehearsed."],
        },
      ],
    },
    {
      title: "6 Deployment, one environment after the other",
      acts: [
        {
          as: "olga",
          because: "is in a hurry",
          line: ["deploy", "CHANGE", "--environment=production"],
          refused: "PREVIOUS_ENVIRONMENT",
        },
        { as: "olga", because: "deploys to development", line: ["deploy", "CHANGE", "--environment=development"] },
        { as: "olga", because: "deploys to staging", line: ["deploy", "CHANGE", "--environment=staging"] },
        step("quinn", "integration-tests", "Integration tests on staging are green."),
        { as: "olga", because: "deploys to production", line: ["deploy", "CHANGE", "--environment=production"] },
      ],
    },
    {
      title: "7 Something is wrong: back, and forward again",
      acts: [
        {
          as: "olga",
          because: "sees errors and rolls back; the schema is compared with the one from before",
          line: ["rollback", "CHANGE", "--environment=production", "--reason=Error rate went up after the deployment."],
        },
        {
          as: "lena",
          because: "tells what it was",
          line: ["comment", "CHANGE", "The errors came from a cache, not from the column. We can go again."],
        },
        {
          as: "olga",
          because: "deploys a second time; the approval still stands, since the content is the same",
          line: ["deploy", "CHANGE", "--environment=production"],
        },
      ],
    },
    {
      title: "8 Afterwards",
      acts: [
        step("olga", "monitor-metrics", "Error rate and response time as before."),
        step("quinn", "verify-functionality", "Preferences are saved and shown in both apps."),
        step("dev", "update-documentation", "API.md names the new field."),
        { as: "lena", because: "closes it", line: ["close", "CHANGE", "--summary=In production at the second go."] },
        { as: "rosa", because: "looks at where her change stands", line: ["status", "CHANGE"] },
      ],
    },
    {
      title: "9 The audit trail, for somebody who trusts nobody",
      acts: [
        {
          as: "audrey",
          because: "exports everything that was sealed",
          line: ["audit", "export", "--output=FOLDER/audit.jsonl"],
        },
        {
          as: "audrey",
          because: "fetches the public key, to be compared with the one she was handed",
          line: ["audit", "keys", "--output=FOLDER/audit.pub"],
        },
        {
          as: "audrey",
          because: "verifies it offline",
          line: ["audit", "verify", "FOLDER/audit.jsonl", "--key=FOLDER/audit.pub"],
        },
      ],
    },
  ];
}
