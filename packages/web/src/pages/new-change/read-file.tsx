import type { CallOutput } from "@change-mgmt/api/client.ts";
import { Button, Progress } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../data/ask.ts";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";

export type ReadRequests = CallOutput<"requestFiles.read">;
type Problem = ReadRequests["requests"][number]["problems"][number];

/** What was read from a file: what could not be understood, and what to do with the rest. */
export function ReadFile(props: {
  readonly name: string;
  readonly read: ReadRequests;
  /** Whether filling in the form replaces what somebody began. */
  readonly replaces: boolean;
  readonly fillIn: (read: ReadRequests) => void;
}) {
  const { name, read, replaces, fillIn } = props;
  const problems = read.requests.flatMap((request) => request.problems);
  const remarks = read.requests.flatMap((request) => request.remarks);
  const isOne = read.requests.length === 1;
  return (
    <div className="read-file">
      {problems.length > 0 && (
        <div className="notice state-attention" role="alert">
          <strong>
            {problems.length === 1 ? "One thing" : `${problems.length} things`} in {name} could not be understood
          </strong>
          <ul>
            {problems.map((problem, at) => (
              <li key={`${at}${problem.message}`}>
                <span className="mono">{placeOf(problem)}</span> {problem.message}{" "}
                <span className="quiet">{problem.hint}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {remarks.length > 0 && (
        <p className="quiet data">
          The file also says what is kept here by itself: {remarks.join("; ")}. A comment can carry it.
        </p>
      )}
      {isOne ? (
        <>
          <p className="data flat">
            {name} asks for: <strong>{String(read.requests[0]?.fields.title ?? "a change without a title")}</strong>
          </p>
          {replaces && <p className="data">What you began and did not send is replaced by it.</p>}
          <Button mt={8} onClick={() => fillIn(read)}>
            {problems.length === 0 ? "Fill in the form" : "Fill in the form with the rest"}
          </Button>
        </>
      ) : (
        <Drafts read={read} stopped={problems.length > 0} />
      )}
    </div>
  );
}

/** Line and column, or nothing where the problem has none. */
function placeOf({ place }: Problem): string {
  if (place?.line === undefined) return "";
  return place.column === undefined ? `line ${place.line}` : `line ${place.line}:${place.column}`;
}

/** A draft of each request, one after the other; goes on where it stopped. */
function Drafts({ read, stopped }: { readonly read: ReadRequests; readonly stopped: boolean }) {
  const { process, requests } = read;
  const create = useAct("changes.create");
  const [made, setMade] = useState<readonly string[]>([]);
  const makeAll = async () => {
    for (const { fields, artifacts } of requests.slice(made.length)) {
      const body = { process, fields, artifacts, submit: false };
      const change = await create.run({ body });
      if (change === undefined) return;
      setMade((before) => [...before, change.number]);
    }
  };
  return (
    <>
      <ol className="flat data">
        {requests.map(({ fields }, at) => (
          <li key={`${at}${fields.title}`}>
            {made[at] === undefined ? (
              String(fields.title ?? "without a title")
            ) : (
              <Link href={paths.change(made[at])} className="link">
                {made[at]} {String(fields.title)}
              </Link>
            )}
          </li>
        ))}
      </ol>
      {made.length > 0 && (
        <Progress value={(made.length / requests.length) * 100} aria-label="Drafts made" mt={8} size="sm" />
      )}
      {create.problem && <ProblemNotice problem={create.problem} />}
      <p role="status" className="data flat">
        {made.length > 0 && `${made.length} of ${requests.length} drafts are made.`}
        {stopped && "Correct the file first: none is made of a table with mistakes."}
      </p>
      {made.length < requests.length && (
        <Button mt={8} disabled={stopped} loading={create.pending} onClick={makeAll}>
          {made.length === 0 ? `Make ${requests.length} drafts` : "Go on"}
        </Button>
      )}
    </>
  );
}
