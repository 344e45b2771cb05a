import type { Problem } from "@change-mgmt/api/problem.ts";
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ProblemNotice } from "./notices.tsx";

/**
 * Asks before something is done that destroys or deploys: says what it will do, to what, and how to undo it.
 * With `typed` the name must be written out first. The server's refusal is shown in it; it closes when `onConfirm` resolves to true.
 */
export function Confirm(props: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What it will do, and to what. */
  readonly does: ReactNode;
  /** How it is undone. */
  readonly undo: ReactNode;
  /** The verb, as on the button that asked. */
  readonly verb: string;
  readonly typed?: string | undefined;
  /** Further controls, such as a reason to give. */
  readonly children?: ReactNode;
  readonly blocked?: boolean;
  readonly pending: boolean;
  readonly problem?: Problem | undefined;
  readonly onConfirm: () => Promise<boolean>;
}) {
  const [name, setName] = useState("");
  const ready = (props.typed === undefined || name.trim() === props.typed) && !props.blocked;
  const close = () => {
    setName("");
    props.onClose();
  };
  return (
    <Modal opened={props.opened} onClose={close} title={<strong>{props.title}</strong>} size="lg">
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          if (ready && (await props.onConfirm())) close();
        }}
      >
        <Stack gap="sm">
          <div>{props.does}</div>
          <div>
            <strong>To undo it:</strong> {props.undo}
          </div>
          {props.children}
          {props.typed !== undefined && (
            <TextInput
              label={`Type ${props.typed} to confirm`}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          {props.problem && <ProblemNotice problem={props.problem} />}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" disabled={!ready} loading={props.pending}>
              {props.verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
