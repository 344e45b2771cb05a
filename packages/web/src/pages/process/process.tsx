import type { Process } from "@change-mgmt/domain/process/process.ts";
import { tablesIn } from "@change-mgmt/domain/process/table.ts";
import { NativeSelect, Stack } from "@mantine/core";
import { useParams, useSearch } from "@tanstack/react-router";
import { useAsk } from "../../data/ask.ts";
import { useProcess } from "../../data/process.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/link.tsx";
import { Blank } from "../../ui/notices.tsx";
import { Answer, LoadingSections, Page, Section } from "../../ui/page.tsx";
import { FormTable } from "./form-table.tsx";
import { Standing } from "./standing.tsx";
import { Table } from "./table.tsx";
import { Earlier, Versions } from "./versions.tsx";
import { Workflow } from "./workflow.tsx";
import "./process.css";

/** Which way does a change go, and who decides by what? */
export default function ProcessPage() {
  const { name } = useParams({ strict: false }) as { name?: string };
  const { version } = useSearch({ strict: false }) as { version?: string };
  const config = useAsk("config.get", undefined, { when: name === undefined });
  const processes = useAsk("processes.list");
  const read = useProcess(name ?? config.data?.process, name === undefined ? undefined : version);
  const go = useGo();
  const { process, hash } = read;
  const others = processes.data?.items ?? [];
  const query = {
    data: process && hash ? { process, hash, asked: read.version } : undefined,
    error: read.error ?? config.error,
    refetch: () => Promise.all([read.refetch(), config.refetch()]),
  };
  return (
    <Page
      title={process?.title ?? "Process"}
      answer={process && <p style={{ margin: 0 }}>{process.description}</p>}
      action={
        others.length > 1 && (
          <NativeSelect
            aria-label="Process"
            value={process?.name ?? ""}
            data={others.map((one) => ({ value: one.name, label: one.title }))}
            onChange={(event) => go(paths.process(event.currentTarget.value))}
          />
        )
      }
    >
      <Answer query={query} loading={<LoadingSections sections={3} height={220} />}>
        {(data) => (
          <Stack gap="md">
            {data.asked && !data.asked.inForce && <Earlier version={data.asked} />}
            <Whole process={data.process} hash={data.hash} />
            <Versions name={data.process.name} shown={data.hash} />
          </Stack>
        )}
      </Answer>
    </Page>
  );
}

function Whole({ process, hash }: { readonly process: Process; readonly hash: string }) {
  return (
    <Stack gap="md">
      <p className="quiet data" style={{ margin: 0 }}>
        Version {process.version}, effective from {process.effective}, to be looked at again on {process.review}. Kept
        by {process.owner}. Numbers look like {process.number}. A change keeps the version it was submitted under:{" "}
        <span className="mono">{hash.slice(0, 12)}</span>
      </p>
      <Section title="The way of a change">
        <Workflow process={process} />
      </Section>
      <Section title="Types">
        <dl className="pairs-wide data">
          {process.types.map(({ id, title, description }) => (
            <div key={id}>
              <dt>{title}</dt>
              <dd>{description}</dd>
            </div>
          ))}
        </dl>
      </Section>
      {(process.standing ?? []).length > 0 && <Standing process={process} />}
      <Section title="The form" padded={false}>
        <FormTable process={process} />
      </Section>
      <h2 className="tables-title">Decision tables</h2>
      {[
        process.routing,
        ...tablesIn<unknown>(process.approvals),
        ...tablesIn<unknown>(process.testing),
        ...tablesIn<unknown>(process.rollback),
        ...tablesIn<unknown>(process.afterwards),
        ...tablesIn<unknown>(process.windows ?? []),
        ...tablesIn<unknown>(process.triggers ?? []),
      ].map((table) => (
        <Table key={table.id} process={process} table={table} />
      ))}
      {process.derived.map(({ title, table }) => (
        <Table key={table.id} process={process} table={table} note={title} />
      ))}
      {(process.scores ?? [])
        .flatMap((score) => tablesIn(score.table).map((table) => ({ ...score, table })))
        .map(({ title, table, cap, levels }) => (
          <Table
            key={table.id}
            process={process}
            table={table}
            note={`${title}: points are added up, at most ${cap}. ${levels
              .map(({ upTo, value }) => (upTo === undefined ? `else ${value}` : `up to ${upTo} ${value}`))
              .join(", ")}.`}
          />
        ))}
      {process.types.length === 0 && (
        <Blank title="This process has no types">Nothing can be requested under it.</Blank>
      )}
    </Stack>
  );
}
