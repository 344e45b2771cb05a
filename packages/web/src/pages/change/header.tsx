import type { Process, Stage } from "@change-mgmt/domain/process/process.ts";
import type { Change } from "../../data/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Handle } from "../../ui/handle.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { kindOf } from "../../ui/states.ts";

/** The line below the title: how it stands, who asked for it, who has it. */
export function Standing({ change }: { readonly change: Change }) {
  return (
    <div className="standing data">
      <StateBadge state={change.status} words={change.stageTitle} />
      {change.breaking && <StateBadge state="breaking" kind="attention" />}
      <span className="quiet">
        <Handle of={change.requester} /> asked for it <Ago at={change.createdAt} />
        {change.team && <>, with {change.team}</>}
        {change.assignee && (
          <>
            , done by <Handle of={change.assignee} />
          </>
        )}
      </span>
    </div>
  );
}

/** The phases of the process and how far the change is; one phase may hold several stages. */
export function StageProgress({ change, process }: { readonly change: Change; readonly process: Process | undefined }) {
  const phases = phasesOf(process?.stages ?? []);
  const stage = process?.stages.find(({ id }) => id === change.stage);
  const at = phases.indexOf(stage?.phase ?? "");
  const over = change.status === "closed";
  return (
    <ol className="phases" aria-label="Stage">
      {phases.length === 0 && <li className="phase">&nbsp;</li>}
      {phases.map((phase, index) => {
        const done = over || (at >= 0 && index < at);
        const now = index === at && !over;
        const state = done ? "state-good" : now ? `state-${kindOf(change.status)}` : "";
        return (
          <li
            key={phase}
            className={`phase ${now ? "phase-now" : ""}`}
            {...(now ? { "aria-current": "step" as const } : {})}
          >
            <span className={`phase-bar ${state}`} aria-hidden />
            <span className="phase-title">
              {phase.replace(/^\d+ /, "")}
              <span className="only-read">{done ? ", done" : now ? ", now" : ", to come"}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Names of the phases in their order, each once. */
function phasesOf(stages: readonly Stage[]): readonly string[] {
  return [...new Set(stages.flatMap(({ phase }) => phase ?? []))];
}
