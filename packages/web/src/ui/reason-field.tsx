import { Textarea } from "@mantine/core";

/** Why somebody does something, in a dialog that asks before it is done; it has the keyboard where the dialog opens. */
export function ReasonField(props: {
  readonly value: string;
  readonly onChange: (reason: string) => void;
  /** Who reads it, and what it has to say. */
  readonly description?: string;
}) {
  const { value, onChange, description = "Kept in the audit trail." } = props;
  return (
    <Textarea
      label="Reason"
      description={description}
      required
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autosize
      minRows={2}
      data-autofocus
    />
  );
}
