import type { Validation } from "../../data/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Section } from "../../ui/page.tsx";
import { Mark } from "../../ui/state.tsx";

type Target = Validation["targets"][number];

/** What the rehearsed migrations come to on the target of each environment, as it was when they were rehearsed. */
export function OnTargets({ targets }: { readonly targets: readonly Target[] }) {
  return (
    <>
      {targets.map((target) => (
        <Section
          key={target.environment}
          title={`On the target of ${target.environment}`}
          aside={
            <span className="quiet data">
              {target.postgres !== null && `Postgres ${target.postgres}, `}
              {target.at === null ? "not looked at" : <Ago at={target.at} />}
            </span>
          }
        >
          <OnTarget target={target} />
        </Section>
      ))}
    </>
  );
}

/** Each statement in sentences: how much, how long, whom it blocks, what holds it up; then what is not known. */
export function OnTarget({ target }: { readonly target: Target }) {
  const { environment, migrations, notKnown, replicas, basis } = target;
  const statements = migrations.flatMap(({ artifact, name, statements: all }) =>
    all.map((one, at) => ({ ...one, name, key: `${artifact} ${at}` })),
  );
  const behind = (replicas ?? []).filter(({ lagBytes }) => lagBytes !== 0);
  return (
    <>
      <ul className="tree data" aria-label={`What it comes to on the target of ${environment}`}>
        {statements.map(({ key, name, line, kind, words, locks }) => {
          const waits = locks.some(({ heldUpBy }) => heldUpBy.length > 0);
          const open = locks.some(({ keepsOut, held }) => keepsOut !== "nobody" && held.most === null);
          return (
            <li key={key}>
              <Mark
                kind={waits || open ? "attention" : "good"}
                words={waits ? "would wait" : open ? "not known" : "known"}
              />{" "}
              <span className="mono">{name}</span> line {line}, {kind.replaceAll("_", " ")}
              {words.map((sentence) => (
                <div key={sentence} className="evidence">
                  {sentence}
                </div>
              ))}
            </li>
          );
        })}
        {behind.map(({ name, lagBytes }) => (
          <li key={name}>
            <Mark kind="attention" words="behind" /> <span className="mono">{name}</span> follows it and is{" "}
            {lagBytes === null ? "behind by an unknown amount" : `${lagBytes.toLocaleString("en")} bytes behind`}.
          </li>
        ))}
        {notKnown.map((sentence) => (
          <li key={sentence}>
            <Mark kind="attention" words="not known" /> Not known: {sentence}
          </li>
        ))}
      </ul>
      {statements.length > 0 && <p className="quiet data flat">{basis}</p>}
    </>
  );
}
