import { Button, FileButton, Group } from "@mantine/core";
import { IconDownload, IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useAct } from "../../data/ask.ts";
import { saveText } from "../../data/download.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Section } from "../../ui/page.tsx";
import type { Ground } from "./ground.tsx";
import { draftKey, keepDraft, readDraft } from "./kept-draft.ts";
import { ReadFile, type ReadRequests } from "./read-file.tsx";

const ENDINGS = ".md,.markdown,.yaml,.yml,.csv";

/** Reads a change from a file into the form, or many from a table into drafts; the empty template can be had here. */
export function FromFile({ ground }: { readonly ground: Ground }) {
  const { process, handle } = ground;
  const read = useAct("requestFiles.read");
  const template = useAct("processes.template");
  const [name, setName] = useState("");
  const go = useGo();
  const choose = async (file: File | null) => {
    if (file === null) return;
    setName(file.name);
    // A table fits any process; the others know by their form whose template they are.
    const isTable = file.name.toLowerCase().endsWith(".csv");
    await read.run({
      body: { name: file.name, text: await file.text(), ...(isTable ? { process: process.name } : {}) },
    });
  };
  const fillIn = ({ process: of, requests }: ReadRequests) => {
    const [{ fields: values, artifacts }] = requests as [ReadRequests["requests"][number]];
    const at = new Date().toISOString();
    keepDraft(draftKey(handle), { process: of, values, artifacts, file: name, at });
    go(paths.newChange({ process: of, type: String(values.type ?? process.types[0]!.id) }));
  };
  return (
    <Section title="Or take it from a file">
      <p className="quiet data flat">
        Markdown or YAML by the template of its process, or a table as CSV with the names of fields in its first row.
      </p>
      <Group gap={8} mt={8}>
        <FileButton onChange={choose} accept={ENDINGS} key={name + read.pending}>
          {(button) => (
            <Button
              {...button}
              variant="default"
              loading={read.pending}
              leftSection={<IconFileUpload size={16} aria-hidden />}
            >
              Choose a file
            </Button>
          )}
        </FileButton>
        {process.template && (
          <Button
            variant="subtle"
            loading={template.pending}
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={async () => {
              const file = await template.run({ params: { name: process.name } });
              if (file) saveText(file.name, "text/plain;charset=utf-8", file.text);
            }}
          >
            Empty template
          </Button>
        )}
      </Group>
      {(read.problem ?? template.problem) && <ProblemNotice problem={(read.problem ?? template.problem)!} />}
      {read.answer && !read.pending && (
        <ReadFile
          key={name}
          name={name}
          read={read.answer}
          replaces={readDraft(draftKey(handle)) !== null}
          fillIn={fillIn}
        />
      )}
    </Section>
  );
}
