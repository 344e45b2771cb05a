import { Button, Group, Modal, Progress, Select, Stack, Textarea } from "@mantine/core";
import { useRef, useState } from "react";
import { problemOf, refreshChange, useAsk } from "../../data/ask.ts";
import { call } from "../../data/client.ts";
import type { ChangeSummary } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/link.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { doToEach, type Fate, notOwnDraft } from "./bulk.ts";

export type BulkKind = "assign" | "comment" | "cancel";

const WORDS = {
  assign: { title: "Assign", verb: "Assign", does: "Each of them gets this assignee in place of the one it has." },
  comment: { title: "Comment on", verb: "Comment", does: "The same comment is added to each of them." },
  cancel: {
    title: "Cancel drafts among",
    verb: "Cancel the drafts",
    does: "Drafts of yours are over for good. Whatever is no draft of yours is left as it is.",
  },
} as const;
const NOBODY = "";

/** Asks what is to be done to several changes, does it to one after the other, and says of each what became of it. */
export function BulkDialog(props: {
  readonly kind: BulkKind;
  readonly changes: readonly ChangeSummary[];
  readonly me: string;
  /** With the ids of what was not done, once something was tried. */
  readonly close: (remaining?: readonly string[]) => void;
}) {
  const { kind, changes, me } = props;
  const [text, setText] = useState("");
  const [person, setPerson] = useState<string | null>(null);
  const [fates, setFates] = useState<readonly Fate[]>();
  const [running, setRunning] = useState(false);
  const stopping = useRef(new AbortController());
  const words = WORDS[kind];
  const ready = kind === "assign" ? person !== null : text.trim() !== "";
  const act = ({ number, version }: ChangeSummary): Promise<unknown> => {
    const params = { id: number };
    if (kind === "assign")
      return call("changes.edit", { params, body: { assignee: person === NOBODY ? null : person }, ifMatch: version });
    // A comment stands whatever was edited meanwhile.
    if (kind === "comment") return call("changes.comment", { params, body: { text: text.trim() } });
    return call("changes.cancel", { params, body: { reason: text.trim() }, ifMatch: version });
  };
  const begin = async () => {
    stopping.current = new AbortController();
    setRunning(true);
    setFates([]);
    await doToEach(changes, act, {
      problemOf,
      told: setFates,
      signal: stopping.current.signal,
      leave: kind === "cancel" ? (change) => notOwnDraft(change, me) : undefined,
    });
    setRunning(false);
    refreshChange(undefined);
  };
  const close = () => {
    stopping.current.abort();
    props.close(fates && changes.filter(({ id }) => !isDone(fates, id)).map(({ id }) => id));
  };
  const count = `${changes.length} ${changes.length === 1 ? "change" : "changes"}`;
  return (
    <Modal opened onClose={close} title={<strong>{`${words.title} ${count}`}</strong>} size="lg">
      {fates === undefined ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) begin();
          }}
        >
          <Stack gap="sm">
            <p style={{ margin: 0 }}>{words.does}</p>
            {kind === "assign" ? (
              <AssigneeInput value={person} set={setPerson} />
            ) : (
              <Textarea
                label={kind === "comment" ? "Comment" : "Why"}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                autosize
                minRows={3}
                maxLength={5000}
                data-autofocus
              />
            )}
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={close}>
                {kind === "cancel" ? "Keep them" : "Cancel"}
              </Button>
              <Button type="submit" disabled={!ready}>
                {words.verb}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="sm">
          <p style={{ margin: 0 }} role="status">
            {running ? `${fates.length} of ${changes.length} …` : summaryOf(fates)}
          </p>
          <Progress
            value={(100 * fates.length) / changes.length}
            aria-label={`${fates.length} of ${changes.length}`}
            color="gray"
          />
          <ul className="fates">
            {fates.map((fate) => (
              <FateLine key={fate.change.id} fate={fate} />
            ))}
          </ul>
          <Group justify="flex-end" gap={8}>
            {running ? (
              <Button variant="default" onClick={() => stopping.current.abort()}>
                Stop
              </Button>
            ) : (
              <Button onClick={close} data-autofocus>
                Done
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function FateLine({ fate: { change, state, problem, why } }: { readonly fate: Fate }) {
  const kinds = { done: "good", refused: "stopped", left: "waiting" } as const;
  return (
    <li>
      <span className="card-line">
        <StateBadge state={state} kind={kinds[state]} words={state === "left" ? "left as it is" : state} />
        <Link href={paths.change(change.number)} className="link mono">
          {change.number}
        </Link>
        <span>{change.title || "Untitled"}</span>
      </span>
      {(problem || why) && (
        <div className="data">
          {problem ? problem.detail : why} {problem && <span className="quiet">{problem.hint}</span>}
        </div>
      )}
    </li>
  );
}

function AssigneeInput({ value, set }: { value: string | null; set: (value: string | null) => void }) {
  const users = useAsk("users.list", { query: { limit: 200 } });
  const people = (users.data?.items ?? []).filter(({ disabled }) => !disabled);
  return (
    <Select
      label="Assignee"
      placeholder="A person"
      searchable
      data={[
        { value: NOBODY, label: "Nobody" },
        ...people.map(({ handle, name }) => ({ value: handle, label: `${name} (${handle})` })),
      ]}
      value={value}
      onChange={set}
      data-autofocus
    />
  );
}

function isDone(fates: readonly Fate[], id: string): boolean {
  return fates.some(({ change, state }) => change.id === id && state === "done");
}

function summaryOf(fates: readonly Fate[]): string {
  const of = (state: Fate["state"]) => fates.filter((fate) => fate.state === state).length;
  const parts = [`${of("done")} done`];
  if (of("refused") > 0) parts.push(`${of("refused")} refused`);
  if (of("left") > 0) parts.push(`${of("left")} left as ${of("left") === 1 ? "it is" : "they are"}`);
  return `${parts.join(", ")}.`;
}
