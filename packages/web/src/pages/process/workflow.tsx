import type { Condition, Process, Stage, Transition } from "@change-mgmt/domain/process/process.ts";
import { IconArrowDown, IconArrowRight, IconLockOpen, IconRobot } from "@tabler/icons-react";
import { conditionWords } from "../../ui/condition.ts";
import { StateBadge } from "../../ui/state.tsx";
import { type LineStage, mainLine } from "./main-line.ts";
import { GATE_WORDS, TRIGGER_WORDS } from "./words.ts";

/** The stages as boxes from top to bottom with the gates on the arrows between them; what leads aside stands beside its box. */
export function Workflow({ process }: { readonly process: Process }) {
  const { line, beside } = mainLine(process);
  return (
    <>
      <nav aria-label="Stages at a glance">
        <ol className="glance">
          {line.map(({ stage }, at) => (
            <li key={stage.id}>
              {at > 0 && <IconArrowRight size={14} aria-hidden />}
              <a href={`#stage-${stage.id}`}>{stage.title}</a>
            </li>
          ))}
        </ol>
      </nav>
      <ol className="way">
        {line.map((part) => (
          <li key={part.stage.id}>
            <Box part={part} process={process} />
            {part.onward.length > 0 && (
              <div className="onward">
                <IconArrowDown size={22} aria-hidden />
                <div>
                  {part.onward.map((transition, at) => (
                    <Arrow key={at} transition={transition} process={process} />
                  ))}
                </div>
              </div>
            )}
          </li>
        ))}
      </ol>
      {beside.length > 0 && (
        <>
          <h3 className="beside-title">When it does not go straight</h3>
          <ul className="detours">
            {beside.map((part) => (
              <li key={part.stage.id}>
                <Box part={part} process={process} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Box({ part: { stage, aside }, process }: { readonly part: LineStage; readonly process: Process }) {
  const titleOf = (id: string) => process.stages.find((one) => one.id === id)?.title ?? id;
  return (
    <div className="stage-row" id={`stage-${stage.id}`}>
      <div className="stage">
        <div className="stage-head">
          <strong>{stage.title}</strong> <StateBadge state={stage.status} />
          {stage.phase && <span className="quiet data">{stage.phase}</span>}
        </div>
        {stage.steps.length > 0 && <Checklist stage={stage} process={process} />}
      </div>
      {aside.length > 0 && (
        <ul className="aside data">
          {aside.map((transition, at) => (
            <li key={at}>
              <span className="quiet">{TRIGGER_WORDS[transition.on]}</span>{" "}
              <IconArrowRight size={14} role="img" aria-label="leads to" />{" "}
              <a className="link" href={`#stage-${transition.to}`}>
                {titleOf(transition.to)}
              </a>
              <Terms transition={transition} process={process} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Arrow({ transition, process }: { readonly transition: Transition; readonly process: Process }) {
  return (
    <div className="arrow data">
      <span>{TRIGGER_WORDS[transition.on]}</span>
      <Terms transition={transition} process={process} />
    </div>
  );
}

/** The conditions and gates of a transition. */
function Terms({
  transition: { when, gates },
  process,
}: {
  readonly transition: Transition;
  readonly process: Process;
}) {
  return (
    <>
      <Conditions condition={when} process={process} />
      {gates.map((gate) => (
        <span key={gate} className="gate">
          <IconLockOpen size={13} role="img" aria-label="gate:" /> {GATE_WORDS[gate]}
        </span>
      ))}
    </>
  );
}

function Conditions({ condition, process }: { readonly condition: Condition | undefined; readonly process: Process }) {
  return conditionWords(process, condition ?? {}).map((words) => (
    <span key={words} className="condition">
      if {words}
    </span>
  ));
}

function Checklist({ stage, process }: { readonly stage: Stage; readonly process: Process }) {
  return (
    <ul className="checklist data">
      {stage.steps.map(({ id, title, help, when, evidence, by, automatic }) => (
        <li key={id}>
          {automatic ? <IconRobot size={14} role="img" aria-label="by the engine:" /> : <span aria-hidden>☐</span>}{" "}
          {title} <Conditions condition={when} process={process} />
          {evidence.length > 0 && <span className="quiet"> · evidence: {evidence.join(", ")}</span>}
          {by.length > 0 && <span className="quiet"> · by {by.join(", ")}</span>}
          {help && <div className="quiet step-help">{help}</div>}
        </li>
      ))}
    </ul>
  );
}
