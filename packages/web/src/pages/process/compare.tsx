import type { CallOutput } from "@change-mgmt/api/client.ts";
import { Button, FileButton, Group, NativeSelect, Stack } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useAsk } from "../../data/ask.ts";
import { paths } from "../../paths.ts";
import { Link, useGo } from "../../ui/link.tsx";
import { Blank } from "../../ui/notices.tsx";
import { Answer, LoadingSections, Page, Section } from "../../ui/page.tsx";
import { Backtested } from "./backtested.tsx";
import { Differences } from "./differences.tsx";
import "./process.css";

export type Comparison = CallOutput<"processes.compare">;

/** What does another version of a process say otherwise, and what would it have said of past changes? */
export default function ComparePage() {
  const { name = "" } = useParams({ strict: false }) as { name?: string };
  const { before, after } = useSearch({ strict: false }) as { before?: string; after?: string };
  const [file, setFile] = useState<{ readonly name: string; readonly text: string }>();
  const versions = useAsk("processes.versions", { params: { name } });
  const go = useGo();
  const body = {
    ...(before === undefined ? {} : { before }),
    ...(file !== undefined ? { text: file.text } : after === undefined ? {} : { after }),
  };
  const compared = useAsk("processes.compare", { params: { name }, body });
  const items = versions.data?.items ?? [];
  const current = items.find(({ inForce }) => inForce)?.hash ?? "";
  const options = items.map(({ hash, version, inForce }) => ({
    value: hash,
    label: `Version ${version}, ${hash.slice(0, 8)}${inForce ? ", in force" : ""}`,
  }));
  const to = (one: string | undefined, other: string | undefined) =>
    go(paths.compareProcess(name, { before: one, after: other }), { replace: true });
  return (
    <Page
      title={`${name}: two versions`}
      answer={compared.data && <p className="flat">{inWords(compared.data, file !== undefined)}</p>}
      action={<Link href={paths.process(name)}>The process</Link>}
    >
      <Stack gap="md">
        <Group gap={12} align="flex-end">
          <NativeSelect
            label="Earlier"
            value={before ?? current}
            data={options}
            onChange={(event) => to(event.currentTarget.value, after)}
          />
          <NativeSelect
            label="Later"
            value={after ?? current}
            data={options}
            disabled={file !== undefined}
            onChange={(event) => to(before, event.currentTarget.value)}
          />
          <FileButton
            onChange={async (chosen) => {
              if (chosen !== null) setFile({ name: chosen.name, text: await chosen.text() });
            }}
            accept=".yaml,.yml"
            key={file?.name}
          >
            {(button) => (
              <Button {...button} variant="default" leftSection={<IconFileUpload size={16} aria-hidden />}>
                Or a process.yaml that is being written
              </Button>
            )}
          </FileButton>
          {file !== undefined && (
            <Button variant="subtle" onClick={() => setFile(undefined)}>
              Leave {file.name} out
            </Button>
          )}
        </Group>
        <Answer query={compared} loading={<LoadingSections sections={2} height={200} />}>
          {(comparison) => (
            <>
              {comparison.problems.length > 0 && <Problems problems={comparison.problems} />}
              <Section title="What the later says otherwise" padded={false}>
                {comparison.differences.length === 0 ? (
                  <Blank title="Both say the same">Choose two versions, or a file that is being written.</Blank>
                ) : (
                  <Differences differences={comparison.differences} />
                )}
              </Section>
              <Section title="What it would have said of past changes">
                <Backtested backtest={comparison.backtest} />
              </Section>
            </>
          )}
        </Answer>
      </Stack>
    </Page>
  );
}

function inWords({ before, after, differences, backtest }: Comparison, isFile: boolean): string {
  const things = differences.length === 1 ? "one thing" : `${differences.length} things`;
  const later = isFile ? "The file" : `Version ${after.version}`;
  const said = differences.length === 0 ? "says the same as" : `says ${things} otherwise than`;
  const past =
    backtest.changes === 0
      ? ""
      : ` Of the latest ${backtest.changes} changes it would have judged ${backtest.differing.length === 0 ? "none" : backtest.differing.length} otherwise.`;
  return `${later} ${said} version ${before.version}.${past}`;
}

function Problems({ problems }: Pick<Comparison, "problems">) {
  return (
    <div className="notice state-attention" role="alert">
      <strong>
        {problems.length === 1 ? "One problem" : `${problems.length} problems`} in the file: it could not go into force,
        and is held against no change
      </strong>
      <ul>
        {problems.map(({ message, hint, place }, at) => (
          <li key={`${at}${message}`}>
            {place?.line !== undefined && <span className="mono">line {place.line}</span>} {message}{" "}
            <span className="quiet">{hint}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
