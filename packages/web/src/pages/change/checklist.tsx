import type { Process } from "@change-mgmt/domain/process/process.ts";
import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import type { Change, Step } from "../../data/types.ts";
import { ActButton, type Permit } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Handle } from "../../ui/handle.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Section } from "../../ui/page.tsx";
import { Mark } from "../../ui/state.tsx";
import { openSteps, permitOf } from "./acts.ts";
import { FileLink } from "./attachments.tsx";
import { FileEvidence } from "./file-evidence.tsx";

interface Shown {
  readonly change: Change;
  readonly process: Process | undefined;
  /** The step whose form is open. */
  readonly open: string | null;
  readonly setOpen: (step: string | null) => void;
}

/** The steps of the change by stage, each with its evidence; one that is due is completed in place. */
export function Checklist({ change, process, open, setOpen }: Shown) {
  const { steps } = change;
  const due = new Set(openSteps(change).map(({ id }) => id));
  const stages = [...new Set(steps.map(({ stage }) => stage))];
  const done = steps.filter(({ completed }) => completed).length;
  return (
    <Section
      title="Checklist"
      id="checklist"
      aside={<span className="quiet data">{`${done} of ${steps.length} done`}</span>}
    >
      {steps.length === 0 && <p className="quiet flat">The checklist comes with submission.</p>}
      {stages.map((stage) => {
        const own = steps.filter((step) => step.stage === stage);
        const finished = own.every(({ completed }) => completed);
        const title = process?.stages.find(({ id }) => id === stage)?.title ?? stage;
        const items = (
          <ul className="tree data">
            {own.map((step) => (
              <li key={step.id} data-flash={`step:${step.id}`}>
                <OneStep step={step} due={due.has(step.id)} change={change} open={open === step.id} setOpen={setOpen} />
              </li>
            ))}
          </ul>
        );
        return finished && stage !== change.stage ? (
          <details key={stage}>
            <summary className="fold flush">
              <Mark kind="good" words="done" /> {title}{" "}
              <span className="quiet">
                {own.length} {own.length === 1 ? "step" : "steps"}
              </span>
            </summary>
            {items}
          </details>
        ) : (
          <div key={stage}>
            <h3 className="part">
              {title} {stage === change.stage && <span className="quiet">now</span>}
            </h3>
            {items}
          </div>
        );
      })}
    </Section>
  );
}

function OneStep(props: {
  step: Step;
  due: boolean;
  change: Change;
  open: boolean;
  setOpen: (step: string | null) => void;
}) {
  const { step, due, change, open, setOpen } = props;
  if (step.completed) {
    const { by, at, evidence, notes } = step.completed;
    return (
      <>
        <Mark kind="good" words="done" /> {step.title}{" "}
        <span className="quiet">
          <Handle of={by} /> <Ago at={at} still />
        </span>
        {!step.automatic &&
          evidence.map(({ kind, value, title, file }) => (
            <div key={kind + value} className="evidence quiet">
              {file ? (
                <>
                  {value === file.name ? "" : `${value}: `}
                  <FileLink file={file} />{" "}
                  <span className="mono" title={`SHA-256 ${file.sha256}`}>
                    {file.sha256.slice(0, 12)}
                  </span>
                </>
              ) : kind === "link" && /^https?:\/\//.test(value) ? (
                <a href={value} rel="noreferrer" target="_blank" className="link">
                  {title || value}
                </a>
              ) : (
                `${title ? `${title}: ` : ""}${value}`
              )}
            </div>
          ))}
        {notes && <div className="evidence quiet">{notes}</div>}
      </>
    );
  }
  const needs = [
    step.automatic ? "done by the engine" : undefined,
    step.evidenceNeeded.length > 0 ? `needs ${step.evidenceNeeded.join(" and ")}` : undefined,
    step.by.length > 0 ? `by ${step.by.join(" or ")}` : undefined,
  ].filter(Boolean);
  return (
    <>
      <div className="step-line">
        <span>
          <Mark kind="waiting" words="open" /> {step.title} <span className="quiet">{needs.join(", ")}</span>
        </span>
        {due && !open && <CompleteButton step={step} change={change} onClick={() => setOpen(step.id)} />}
      </div>
      {open && due && <StepForm step={step} change={change} close={() => setOpen(null)} />}
    </>
  );
}

function CompleteButton({ step, change, onClick }: { step: Step; change: Change; onClick: () => void }) {
  const { data: me } = useAsk("me");
  const acts = permitOf(change, "complete-steps");
  const missing = me && step.by.length > 0 && !step.by.some((role) => (me.roles as readonly string[]).includes(role));
  const permit: Permit =
    acts.allowed && missing
      ? {
          allowed: false,
          reason: `"${step.title}" is not yours to complete.`,
          hint: `It takes one of these roles: ${step.by.join(", ")}.`,
        }
      : acts;
  return (
    <ActButton
      permit={permit}
      onClick={onClick}
      size="compact-xs"
      variant="default"
      aria-label={`Complete: ${step.title}`}
    >
      Complete
    </ActButton>
  );
}

const EVIDENCE_LABELS: Readonly<Record<string, string>> = {
  note: "Note: what was done",
  link: "Link",
  report: "Report: its address or what it says",
};

function StepForm({ step, change, close }: { step: Step; change: Change; close: () => void }) {
  const complete = useAct("changes.completeStep");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [files, setFiles] = useState<readonly string[]>([]);
  const needed = step.evidenceNeeded.length > 0 ? step.evidenceNeeded : ["note"];
  const kinds = needed.filter((kind) => kind !== "file");
  const submit = async () => {
    const said = kinds
      .map((kind) => ({ kind: kind as "note" | "link" | "report", value: (values[kind] ?? "").trim() }))
      .filter(({ value }) => value !== "");
    const evidence = [...said, ...files.map((attachment) => ({ kind: "file" as const, attachment }))];
    const answer = await complete.run({ params: { id: change.number, stepId: step.id }, body: { evidence } });
    if (answer) close();
  };
  return (
    <form
      className="inline-form"
      aria-label={`Complete: ${step.title}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap={8}>
        {kinds.map((kind, at) => {
          const field = {
            label: EVIDENCE_LABELS[kind] ?? kind,
            value: values[kind] ?? "",
            onChange: (event: { currentTarget: { value: string } }) => {
              const { value } = event.currentTarget;
              setValues((before) => ({ ...before, [kind]: value }));
            },
            autoFocus: at === 0,
          };
          return kind === "link" ? (
            <TextInput key={kind} type="url" {...field} />
          ) : (
            <Textarea key={kind} autosize minRows={2} {...field} />
          );
        })}
        <FileEvidence
          number={change.number}
          label={needed.includes("file") ? "Files" : "Files, if there are any"}
          chosen={files}
          choose={setFiles}
        />
        {complete.problem && <ProblemNotice problem={complete.problem} />}
        <Group gap={8}>
          <Button type="submit" size="xs" loading={complete.pending}>
            Complete
          </Button>
          <Button variant="default" size="xs" onClick={close}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
