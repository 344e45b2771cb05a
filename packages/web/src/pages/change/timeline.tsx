import type { Process } from "@change-mgmt/domain/process/process.ts";
import { Button, Group, SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import { problemOf, useAct, useAskPages } from "../../data/ask.ts";
import type { Change } from "../../data/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Told } from "../../ui/moment.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { LoadingLines, Section } from "../../ui/page.tsx";
import { Mark } from "../../ui/state.tsx";
import { FileLink } from "./attachments.tsx";
import { Prose } from "./content.tsx";
import { happeningOf } from "./events.ts";
import { FileEvidence } from "./file-evidence.tsx";

/** Everything that happened to the change in one line after the other: discussion, votes, moves, deployments; and a box to say more. */
export function Timeline({ change, process }: { readonly change: Change; readonly process: Process | undefined }) {
  const [only, setOnly] = useState("everything");
  const trail = useAskPages("audit.list", { query: { change: change.number, limit: 200 } });
  const stageTitle = (id: string) => process?.stages.find((stage) => stage.id === id)?.title ?? id;
  const happenings = trail.items
    .flatMap((record) => happeningOf(record, stageTitle) ?? [])
    .filter(({ said }) => only === "everything" || said)
    .reverse();
  return (
    <Section
      title="Timeline"
      aside={
        <SegmentedControl
          size="xs"
          aria-label="What is shown"
          value={only}
          onChange={setOnly}
          data={[
            { value: "everything", label: "Everything" },
            { value: "said", label: "Discussion and votes" },
          ]}
          ml="auto"
        />
      }
    >
      {trail.error && <ProblemNotice problem={problemOf(trail.error)} again={() => trail.refetch()} />}
      {trail.isPending && <LoadingLines lines={6} />}
      {trail.hasNextPage && (
        <Button variant="default" size="xs" loading={trail.isFetchingNextPage} onClick={() => trail.fetchNextPage()}>
          Show what was before
        </Button>
      )}
      {!trail.isPending && happenings.length === 0 && <p className="quiet flat">Nobody has said anything yet.</p>}
      <ol className="timeline data">
        {happenings.map(({ key, at, who, words, kind, text, files = [], said }) => (
          <li key={key} className={said ? "said" : undefined}>
            <Mark kind={kind} /> <Handle of={who} /> <Told text={words} />{" "}
            <span className="quiet">
              <Ago at={at} still />
            </span>
            {text && (
              <div className="said-text">
                <Prose text={text} />
                {files.map((file) => (
                  <div key={file.id}>
                    <FileLink file={file} />
                  </div>
                ))}
              </div>
            )}
          </li>
        ))}
      </ol>
      <CommentBox number={change.number} />
    </Section>
  );
}

/** Where one writes a comment. What is written stays in this tab until it is sent. */
function CommentBox({ number }: { readonly number: string }) {
  const draftKey = `draft:comment:${number}`;
  const [text, setText] = useState(() => sessionStorage.getItem(draftKey) ?? "");
  const [files, setFiles] = useState<readonly string[]>([]);
  const [withFiles, setWithFiles] = useState(false);
  const comment = useAct("changes.comment");
  const write = (value: string) => {
    setText(value);
    if (value) sessionStorage.setItem(draftKey, value);
    else sessionStorage.removeItem(draftKey);
  };
  const send = async () => {
    if (text.trim() === "") return;
    const body = { text: text.trim(), ...(files.length > 0 ? { attachments: [...files] } : {}) };
    if (!(await comment.run({ params: { id: number }, body }))) return;
    write("");
    setFiles([]);
    setWithFiles(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="comment-box"
    >
      <Textarea
        label="Comment"
        description="Markdown; Ctrl-Enter sends it."
        autosize
        minRows={3}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
        }}
      />
      {comment.problem && <ProblemNotice problem={comment.problem} />}
      {withFiles && <FileEvidence number={number} label="Files beside the comment" chosen={files} choose={setFiles} />}
      <Group justify="flex-end" mt={8}>
        {!withFiles && (
          <Button variant="default" size="xs" onClick={() => setWithFiles(true)}>
            With files
          </Button>
        )}
        <Button type="submit" size="xs" disabled={text.trim() === ""} loading={comment.pending}>
          Comment
        </Button>
      </Group>
    </form>
  );
}
