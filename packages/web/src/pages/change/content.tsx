import type { Problem } from "@change-mgmt/api/problem.ts";
import { Button } from "@mantine/core";
import { useState } from "react";
import Markdown from "react-markdown";
import { problemOf } from "../../data/ask.ts";
import { call } from "../../data/client.ts";
import { saveText } from "../../data/download.ts";
import type { Artifact, Change } from "../../data/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { Code, Sql } from "../../ui/code.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Blank, ProblemNotice } from "../../ui/notices.tsx";
import { Section } from "../../ui/page.tsx";

/** Text that people wrote, with the marks of Markdown; HTML in it stays text. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <div className="prose">
      <Markdown
        components={{
          h1: "h3",
          h2: "h4",
          h3: "h5",
          img: ({ alt, src }) => <a href={typeof src === "string" ? src : "#"}>{alt || "picture"}</a>,
          a: ({ href, children }) => (
            <a href={href} rel="noreferrer" target="_blank">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}

/** What the requester says of the change, and what its impact was found to be. */
export function Summary({ change }: { readonly change: Change }) {
  const { description, assessment } = change;
  return (
    <Section title="Description">
      {description.trim() ? <Prose text={description} /> : <p className="quiet flat">Nothing was written yet.</p>}
      {assessment && (
        <>
          <h3 className="part">Impact analysis</h3>
          <p className="quiet data flat">
            {assessment.breaking ? "breaking" : "not breaking"}, {assessment.complexity} complexity
            {assessment.dependencies.length > 0 && `, depends on ${assessment.dependencies.join(", ")}`} ·{" "}
            <Handle of={assessment.by} /> <Ago at={assessment.at} />
          </p>
          <Prose text={assessment.impact} />
        </>
      )}
    </Section>
  );
}

/** What the change carries: what will run, and the way back. */
export function Content({ change }: { readonly change: Change }) {
  const { artifacts, contentHash, number } = change;
  return (
    <Section
      title="What changes"
      aside={
        <>
          <span className="mono quiet" title={contentHash}>
            content {contentHash.slice(0, 10)}
          </span>
          <SaveAsFile number={number} />
        </>
      }
    >
      {artifacts.length === 0 && (
        <Blank title="It carries nothing to deploy yet">
          A migration, a command or steps for people are added by editing.
        </Blank>
      )}
      {artifacts.map((artifact) => (
        <div key={artifact.id} className="artifact">
          <OneArtifact artifact={artifact} />
        </div>
      ))}
    </Section>
  );
}

/** The change in a file by its process's template, which can be read again. */
function SaveAsFile({ number }: { readonly number: string }) {
  const [problem, setProblem] = useState<Problem>();
  const save = async () => {
    setProblem(undefined);
    try {
      const { name, text } = await call("changes.file", { params: { id: number } });
      saveText(name, "text/plain;charset=utf-8", text);
    } catch (error) {
      setProblem(problemOf(error as Error));
    }
  };
  return (
    <>
      <Button variant="subtle" size="compact-sm" ml={8} onClick={save}>
        Save as a file
      </Button>
      {problem && <ProblemNotice problem={problem} close={() => setProblem(undefined)} />}
    </>
  );
}

function OneArtifact({ artifact }: { readonly artifact: Artifact }) {
  if (artifact.kind === "migration") {
    return (
      <>
        <h3 className="part">
          <span className="mono">{artifact.name}</span>
          {!artifact.transactional && <span className="quiet"> not in a transaction</span>}
        </h3>
        <Sql text={artifact.up.trimEnd()} label={`${artifact.name}, up`} />
        {artifact.down === null ? (
          <p className="quiet data">No way back was written.</p>
        ) : (
          <details>
            <summary className="fold flush">Rollback</summary>
            <Sql text={artifact.down.trimEnd()} label={`${artifact.name}, rollback`} />
          </details>
        )}
      </>
    );
  }
  if (artifact.kind === "external") {
    return (
      <>
        <h3 className="part">{artifact.name}</h3>
        <Code text={[artifact.command, ...artifact.arguments].join(" ")} label={`Command of ${artifact.name}`} />
      </>
    );
  }
  return (
    <>
      <h3 className="part">{artifact.name}: done by people</h3>
      <ol className="flat">
        {artifact.steps.map(({ id, title, undo }) => (
          <li key={id}>
            {title} <span className="quiet data">To undo it: {undo}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
