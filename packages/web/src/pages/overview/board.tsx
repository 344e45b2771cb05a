import type { CallOutput } from "@change-mgmt/api/client.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { useFlash } from "../../ui/flash.ts";
import { Link } from "../../ui/link.tsx";
import { Blank } from "../../ui/notices.tsx";
import { Mark } from "../../ui/state.tsx";
import { kindOf, wordsOf } from "../../ui/states.ts";

type Stage = CallOutput<"overview">["byStage"][number];

/** Where the active changes are: a column for each stage that holds one, in the order of the process, with the few touched last. */
export function Board({ stages }: { readonly stages: readonly Stage[] }) {
  const where = stages.flatMap(({ process, stage, changes }) =>
    changes.map(({ id }) => [id, `${process} ${stage}`] as const),
  );
  const board = useFlash<HTMLOListElement>(Object.fromEntries(where), { fresh: true });
  if (stages.length === 0) {
    return (
      <Blank title="No change is under way" action={<Link href={paths.newChange()}>Write the first</Link>}>
        Each change stands here at the stage it has come to.
      </Blank>
    );
  }
  const several = new Set(stages.map(({ process }) => process)).size > 1;
  return (
    <ol className="board" ref={board}>
      {stages.map((stage) => (
        <li key={`${stage.process}/${stage.stage}`}>
          <h3>
            <Mark kind={kindOf(stage.status)} words={wordsOf(stage.status)} />
            <span>{stage.title}</span> <span className="quiet">{counted(stage)}</span>
          </h3>
          {several && <p className="quiet data board-process">{stage.process}</p>}
          <ul>
            {stage.changes.map((change) => (
              <li key={change.id} data-flash={change.id}>
                <Link className="card" href={paths.change(change.number)}>
                  <span className="quiet data">
                    {change.number} · <Ago at={change.updatedAt} still />
                  </span>
                  <span className="card-title">{change.title}</span>
                </Link>
              </li>
            ))}
          </ul>
          {stage.count > stage.changes.length && (
            <Link className="link data" href={paths.changes({ status: stage.status })}>
              {stage.more ? `${counted(stage)} in all` : `${stage.count - stage.changes.length} more`}
            </Link>
          )}
        </li>
      ))}
    </ol>
  );
}

function counted({ count, more }: { readonly count: number; readonly more: boolean }): string {
  return more ? `more than ${count.toLocaleString("en")}` : String(count);
}
