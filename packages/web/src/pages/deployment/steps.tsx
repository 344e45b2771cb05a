import { progressText } from "@change-mgmt/domain/lifecycle/deployment/batch-progress.ts";
import { useEffect, useRef } from "react";
import type { Deployment } from "../../data/types.ts";
import { Ago, spanInWords } from "../../ui/ago.tsx";
import { useFlash } from "../../ui/flash.ts";
import { Blank } from "../../ui/notices.tsx";
import { Mark } from "../../ui/state.tsx";
import { kindOf, wordsOf } from "../../ui/states.ts";

type Step = Deployment["steps"][number];

/** The steps in their order, each with its time and what it said. */
export function Steps({ deployment: { steps, state, finishedAt } }: { readonly deployment: Deployment }) {
  const over = finishedAt !== null;
  const list = useFlash<HTMLOListElement>(Object.fromEntries(steps.map(({ id, state: each }) => [id, each])));
  if (steps.length === 0) {
    return (
      <Blank title={state === "requested" ? "Waiting for a worker" : "It has no steps"}>
        {state === "requested" ? "The steps appear as soon as one takes it up." : "It ended before the first one."}
      </Blank>
    );
  }
  return (
    <ol className="steps" ref={list}>
      {steps.map((step, at) => (
        <li
          key={step.id}
          data-flash={step.id}
          aria-current={!over && (step.state === "running" || step.state === "waiting") ? "step" : undefined}
        >
          <OneStep step={step} place={at + 1} over={over} />
        </li>
      ))}
    </ol>
  );
}

function OneStep({ step, place, over }: { readonly step: Step; readonly place: number; readonly over: boolean }) {
  const { title, state, startedAt, finishedAt, message, output, attempt, progress } = step;
  const open = state === "running" || state === "failed" || state === "waiting";
  return (
    <>
      <div className="deployment-step">
        <Mark
          kind={over && state !== "done" && state !== "failed" ? "waiting" : kindOf(state)}
          words={stateWords(step, over) || "done"}
        />
        <span className="step-title">
          <span className="quiet">{place}.</span> {title}
        </span>
        <span className="quiet data">
          {stateWords(step, over)}
          {startedAt && finishedAt && spanInWords(startedAt, finishedAt)}
          {startedAt && !finishedAt && !over && (
            <>
              , began <Ago at={startedAt} still />
            </>
          )}
          {attempt > 1 && state !== "pending" && `, tried ${attempt} times`}
        </span>
      </div>
      {progress && <HowFar progress={progress} title={title} over={state === "done"} />}
      {message && <p className={state === "failed" ? "step-message failed" : "step-message"}>{message}</p>}
      {output.length > 0 && (
        <details className="step-output" open={open || output.length <= 2}>
          <summary className="quiet data">
            {output.length === 1 ? "1 line" : `${output.length} lines`} of output
          </summary>
          <Output lines={output} label={`Output of step ${place}`} follow={state === "running"} />
        </details>
      )}
    </>
  );
}

/** How far a step in batches has come: a bar where the target says how many rows there are about, and the same in words. */
function HowFar(props: {
  readonly progress: NonNullable<Step["progress"]>;
  readonly title: string;
  readonly over: boolean;
}) {
  const { progress, title, over } = props;
  const { done, about } = progress;
  return (
    <p className="step-message data">
      {about !== null && about > 0 && (
        <progress
          aria-label={`How far "${title}" has come`}
          max={1}
          value={over ? 1 : Math.min(0.99, done / about)}
          style={{ display: "block", width: "min(100%, 320px)" }}
        />
      )}
      {progressText(progress)}
    </p>
  );
}

/** Nothing for a step that is done; what a deployment has not come to is not waited for once it is over. */
function stateWords({ state }: Step, over: boolean): string {
  if (state === "done") return "";
  if (state === "failed") return "failed after ";
  return over ? "not done" : wordsOf(state);
}

/** Lines of output; while they still come, the newest stays in view unless somebody has scrolled up. */
function Output(props: { readonly lines: readonly string[]; readonly label: string; readonly follow: boolean }) {
  const { lines, label, follow } = props;
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (follow && atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length, follow]);
  return (
    <section
      ref={box}
      className="code"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 24;
      }}
    >
      {lines.join("\n")}
    </section>
  );
}
