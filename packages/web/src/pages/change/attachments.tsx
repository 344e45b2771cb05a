import { sizeInWords } from "@change-mgmt/domain/change/attachment.ts";
import { isShowable } from "@change-mgmt/domain/lifecycle/implementation/attachment-type.ts";
import { Modal, UnstyledButton } from "@mantine/core";
import { IconFile, IconFileText, IconFileTypePdf, IconFileTypeXls, IconFileZip } from "@tabler/icons-react";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { contentAddress } from "../../data/attachments.ts";
import type { Attachment, Change, CitedFile } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Handle } from "../../ui/handle.tsx";
import { Answer, LoadingLines, Section } from "../../ui/page.tsx";
import { AttachFiles } from "./attach-files.tsx";

/** The files of a change: what they are, who brought them, what relies on them; and where one brings more. */
export function AttachmentsSection({ change }: { readonly change: Change }) {
  const { number } = change;
  const attachments = useAsk("changes.attachments", { params: { id: number } });
  const [removing, setRemoving] = useState<Attachment | null>(null);
  const here = attachments.data?.items.filter(({ removed }) => removed === null) ?? [];
  const gone = attachments.data?.items.filter(({ removed }) => removed !== null) ?? [];
  return (
    <Section
      title="Attachments"
      id="attachments"
      aside={attachments.data && <span className="quiet data">{here.length}</span>}
    >
      <Answer query={attachments} loading={<LoadingLines lines={2} />}>
        {(found) => (
          <>
            {here.length === 0 && <p className="quiet flat">No files yet: test reports, screenshots, logs go here.</p>}
            <ul className="attachments data">
              {here.map((attachment) => (
                <OneAttachment
                  key={attachment.id}
                  attachment={attachment}
                  change={change}
                  remove={() => setRemoving(attachment)}
                />
              ))}
            </ul>
            {gone.length > 0 && <Removed attachments={gone} />}
            <AttachFiles number={number} attachments={found} verb="Attach files" />
          </>
        )}
      </Answer>
      <RemoveDialog attachment={removing} close={() => setRemoving(null)} />
    </Section>
  );
}

function OneAttachment(props: { attachment: Attachment; change: Change; remove: () => void }) {
  const { attachment, change, remove } = props;
  const { name, type, size, sha256, by, at, steps } = attachment;
  const titles = steps.map((id) => change.steps.find((step) => step.id === id)?.title ?? id);
  return (
    <li>
      <Preview file={attachment} />
      <div className="attachment-words">
        <FileLink file={attachment} />
        <div className="quiet">
          {sizeInWords(size)}, {type}, <Handle of={by} /> <Ago at={at} still />,{" "}
          <span className="mono" title={`SHA-256 ${sha256}`}>
            {sha256.slice(0, 12)}
          </span>
          {titles.length > 0 && `, evidence of ${titles.map((title) => `"${title}"`).join(", ")}`}
        </div>
      </div>
      <ActButton
        permit={attachment.remove}
        onClick={remove}
        size="compact-xs"
        variant="default"
        aria-label={`Remove ${name}`}
      >
        Remove
      </ActButton>
    </li>
  );
}

/** A file by its name; following it saves it. */
export function FileLink({ file }: { readonly file: Pick<CitedFile, "id" | "name"> }) {
  return (
    <a href={contentAddress(file.id)} download={file.name} className="link" aria-label={`Download ${file.name}`}>
      {file.name}
    </a>
  );
}

const ICONS: readonly (readonly [RegExp, typeof IconFile])[] = [
  [/pdf/, IconFileTypePdf],
  [/zip/, IconFileZip],
  [/csv|spreadsheet|tab-separated/, IconFileTypeXls],
  [/^text|json|xml|yaml|sql/, IconFileText],
];

/** What kind of file it is: an image small, to be opened large; everything else as an icon. */
function Preview({ file }: { readonly file: CitedFile }) {
  const [opened, setOpened] = useState(false);
  if (!isShowable(file.type)) {
    const Icon = ICONS.find(([pattern]) => pattern.test(file.type))?.[1] ?? IconFile;
    return (
      <span className="attachment-icon quiet">
        <Icon size={24} aria-hidden />
      </span>
    );
  }
  return (
    <>
      <UnstyledButton className="attachment-icon" onClick={() => setOpened(true)} aria-label={`Show ${file.name}`}>
        <img src={contentAddress(file.id)} alt="" loading="lazy" width={40} height={40} />
      </UnstyledButton>
      <Modal opened={opened} onClose={() => setOpened(false)} title={<strong>{file.name}</strong>} size="xl">
        <img src={contentAddress(file.id)} alt={file.name} className="attachment-image" />
      </Modal>
    </>
  );
}

function Removed({ attachments }: { readonly attachments: readonly Attachment[] }) {
  return (
    <details className="data">
      <summary className="fold flush quiet">{attachments.length} removed</summary>
      <ul className="tree quiet">
        {attachments.map(({ id, name, sha256, removed }) => (
          <li key={id}>
            <s>{name}</s> <span className="mono">{sha256.slice(0, 12)}</span> removed by <Handle of={removed!.by} />{" "}
            <Ago at={removed!.at} still />
          </li>
        ))}
      </ul>
    </details>
  );
}

function RemoveDialog({ attachment, close }: { readonly attachment: Attachment | null; readonly close: () => void }) {
  const remove = useAct("attachments.remove");
  return (
    <Confirm
      opened={attachment !== null}
      onClose={() => {
        remove.reset();
        close();
      }}
      title={`Remove ${attachment?.name ?? ""}`}
      does="Nobody can download it any more. Its name and hash stay in the list and in the audit trail."
      undo="attach the file again."
      verb="Remove"
      pending={remove.pending}
      problem={remove.problem}
      onConfirm={async () => (await remove.run({ params: { id: attachment!.id } })) !== undefined}
    />
  );
}
