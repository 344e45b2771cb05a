import type { Process } from "@change-mgmt/domain/process/process.ts";
import type { ReactNode } from "react";
import { useAsk, useAskPages } from "../../data/ask.ts";
import { useProcess } from "../../data/process.ts";
import { Answer, LoadingSections } from "../../ui/page.tsx";
import type { Choices } from "./field-input.tsx";

/** What a form rests on beside what is written in it. */
export interface Ground {
  readonly process: Process;
  readonly processHash: string;
  readonly inputs: {
    readonly environments: readonly string[];
    readonly componentTeams: Readonly<Record<string, string>>;
  };
  readonly choices: Choices;
  readonly handle: string;
}

/** Reads what a form rests on; `process` left out is the workspace's own, `version` the one in force. */
export function WithGround(props: {
  readonly process?: string | undefined;
  /** The hash of the version that the form goes by. */
  readonly version?: string | undefined;
  readonly children: (ground: Ground) => ReactNode;
}) {
  const me = useAsk("me");
  const config = useAsk("config.get");
  const people = useAskPages("users.list", { query: { limit: 200 } });
  const process = useProcess(props.process ?? config.data?.process, props.version);
  const ready =
    me.data && config.data && process.process && process.hash && !people.isPending
      ? { me: me.data, config: config.data, process: process.process, hash: process.hash }
      : undefined;
  const query = {
    data: ready,
    error: me.error ?? config.error ?? process.error,
    refetch: () => Promise.all([me.refetch(), config.refetch(), process.refetch()]),
  };
  return (
    <Answer query={query} loading={<LoadingSections sections={2} height={260} />}>
      {({ me: { handle }, config: { environments, components }, process: read, hash }) =>
        props.children({
          handle,
          process: read,
          processHash: hash,
          inputs: {
            environments: environments.map(({ name }) => name),
            componentTeams: Object.fromEntries(components.map(({ name, team }) => [name, team])),
          },
          choices: {
            people: people.items
              .filter(({ disabled }) => !disabled)
              .map(({ handle: value, name }) => ({ value, label: `${name} (${value})` })),
            components: components.map(({ name, team }) => ({ value: name, label: `${name} (${team})` })),
          },
        })
      }
    </Answer>
  );
}
