import type { CallOutput } from "@change-mgmt/api/client.ts";
import { useAsk } from "../../data/ask.ts";
import type { Environment } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Link } from "../../ui/link.tsx";
import { Answer, Section } from "../../ui/page.tsx";

type Config = CallOutput<"config.get">;

/** How patient a deployment to the environment is. */
export function lockWords({ lockTimeoutMs, statementTimeoutMs, retries }: Environment): string {
  const tries = retries === 0 ? "tried once" : `tried ${retries} times more`;
  const limit = statementTimeoutMs === 0 ? "no limit" : `${statementTimeoutMs / 1000} s`;
  return `waited for ${lockTimeoutMs / 1000} s, ${tries}; ${limit} for a statement`;
}

/** What change-mgmt.yaml says, as it is in force: to be read here, and changed by an approved change. */
export function ConfigurationInForce() {
  const config = useAsk("config.get");
  return (
    <div style={{ marginTop: 24 }}>
      <Section title="Configuration in force">
        <Answer query={config}>{(data) => <Whole config={data} />}</Answer>
      </Section>
    </div>
  );
}

function Whole({ config }: { readonly config: Config }) {
  const {
    workspace,
    version,
    hash,
    process,
    importedBy,
    importedAt,
    change,
    folder,
    teams,
    components,
    commands,
    postgres,
  } = config;
  return (
    <div className="configuration data">
      <p>
        <strong>{workspace}</strong>, version {version} <span className="mono quiet">{hash.slice(0, 12)}</span>,
        imported by <Handle of={importedBy} /> <Ago at={importedAt} />
        {change && (
          <>
            {" "}
            with <Link href={paths.change(change)}>{change}</Link>
          </>
        )}
        . Changes follow <Link href={paths.process(process)}>{process}</Link> unless they name another process.
        {postgres !== null && ` The databases run Postgres ${postgres}.`} Another version comes with an approved change.
      </p>
      <Rows
        title="Teams"
        columns={["Team", "Title"]}
        rows={teams.map(({ name, title }) => [name, title])}
        none="No team is named."
      />
      <Rows
        title="Components"
        columns={["Component", "Folder", "Team", "Board"]}
        rows={components.map(({ name, path, team, board }) => [name, path, team, board ?? "none"])}
        none="No component is named."
      />
      <Rows
        title="Commands"
        columns={["Command", "Runs", "Verified by", "Taken back by", "In", "Limit"]}
        rows={commands.map(({ name, run, verify, rollback, workingFolder, timeoutSeconds }) => [
          name,
          run.join(" "),
          verify?.join(" ") ?? "nothing",
          rollback?.join(" ") ?? "nothing",
          workingFolder,
          `${timeoutSeconds} s`,
        ])}
        none="No command is named, so no change can have one run."
      />
      {commands.length > 0 && (
        <p className="quiet">
          Folders of commands begin at {folder ? <span className="mono">{folder}</span> : "the server's own folder"}.
        </p>
      )}
    </div>
  );
}

/** Columns that hold names and words, not what a machine reads. */
const PROSE = new Set(["Team", "Title", "Component", "Command", "Limit"]);

function Rows(props: {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly none: string;
}) {
  const { title, columns, rows, none } = props;
  if (rows.length === 0)
    return (
      <p>
        <strong>{title}.</strong> <span className="quiet">{none}</span>
      </p>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than the screen is scrolled by the keyboard too.
    <section className="configuration-rows" aria-label={title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells[0]}>
              {cells.map((cell, at) => (
                <td key={columns[at]} className={PROSE.has(columns[at]!) ? undefined : "mono"}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
