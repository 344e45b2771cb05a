import { sizeInWords } from "@change-mgmt/domain/change/attachment.ts";
import { Button, FileButton, Progress } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { useUploads } from "../../data/attachments.ts";
import type { Attachment, Attachments } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";

/** Where files are chosen or dropped, what may be attached, and what is on its way. Says why where nothing may be attached. */
export function AttachFiles(props: {
  readonly number: string;
  readonly attachments: Attachments;
  /** What the button says. */
  readonly verb: string;
  readonly onAttached?: (attachment: Attachment) => void;
}) {
  const { number, attachments, verb, onAttached } = props;
  const { limits } = attachments;
  const { uploads, attach, dismiss } = useUploads(number, limits.bytes, onAttached);
  const [over, setOver] = useState(false);
  if (!attachments.attach.allowed) {
    return (
      <ActButton permit={attachments.attach} explained onClick={() => {}} size="xs" variant="default">
        {verb}
      </ActButton>
    );
  }
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button within is for everybody.
    <div
      className={over ? "drop drop-over" : "drop"}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        attach([...event.dataTransfer.files]);
      }}
    >
      <FileButton multiple onChange={attach}>
        {(button) => (
          <Button {...button} size="xs" variant="default" leftSection={<IconPaperclip size={16} aria-hidden />}>
            {verb}
          </Button>
        )}
      </FileButton>
      <details className="quiet drop-limits">
        <summary>or drop them; at most {sizeInWords(limits.bytes)} each: pictures, PDF, text …</summary>
        {limits.types}. At most {limits.count} files a change.
      </details>
      <ul className="uploads" aria-live="polite">
        {uploads.map(({ key, name, size, sent, problem }) => (
          <li key={key}>
            {problem ? (
              <ProblemNotice problem={problem} close={() => dismiss(key)} />
            ) : (
              <>
                {name} <span className="quiet">{sizeInWords(size)}</span>
                <Progress value={(100 * sent) / size} aria-label={`Sending ${name}`} color="gray" size="sm" />
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
