import { sizeInWords } from "@change-mgmt/domain/change/attachment.ts";
import { Checkbox, Stack } from "@mantine/core";
import { useAsk } from "../../data/ask.ts";
import { Answer, LoadingLines } from "../../ui/page.tsx";
import { AttachFiles } from "./attach-files.tsx";

/** Attachments of a change to choose from, by their ids; one that is brought here is chosen at once. */
export function FileEvidence(props: {
  readonly number: string;
  readonly label: string;
  readonly chosen: readonly string[];
  readonly choose: (change: (before: readonly string[]) => readonly string[]) => void;
}) {
  const { number, label, chosen, choose } = props;
  const attachments = useAsk("changes.attachments", { params: { id: number } });
  return (
    <fieldset className="file-evidence">
      <legend>{label}</legend>
      <Answer query={attachments} loading={<LoadingLines lines={1} />}>
        {(found) => (
          <Stack gap={6}>
            {found.items
              .filter(({ removed }) => removed === null)
              .map(({ id, name, size }) => (
                <Checkbox
                  key={id}
                  size="xs"
                  checked={chosen.includes(id)}
                  label={`${name}, ${sizeInWords(size)}`}
                  onChange={(event) => {
                    const { checked } = event.currentTarget;
                    choose((before) => (checked ? [...before, id] : before.filter((one) => one !== id)));
                  }}
                />
              ))}
            <AttachFiles
              number={number}
              attachments={found}
              verb="Add files"
              onAttached={({ id }) => choose((before) => [...before, id])}
            />
          </Stack>
        )}
      </Answer>
    </fieldset>
  );
}
