import type { FormField } from "@change-mgmt/domain/process/process.ts";
import { Checkbox, MultiSelect, NativeSelect, NumberInput, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

/** Names that fields offer: people by handle, components by name. */
export interface Choices {
  readonly people: readonly { readonly value: string; readonly label: string }[];
  readonly components: readonly { readonly value: string; readonly label: string }[];
}

/** The control of one field of a process's form, with the process's own words, help and what is wrong with it. */
export function FieldInput(props: {
  readonly field: FormField;
  readonly id: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly onBlur: () => void;
  readonly error: ReactNode;
  readonly required: boolean;
  /** Why it is required, where that depends on something. */
  readonly because?: string | undefined;
  readonly choices: Choices;
}) {
  const { field, id, value, onChange, onBlur, error, required, because, choices } = props;
  const description = because ? `${field.help} Required here: ${because}.` : field.help;
  const shared = { id, label: field.title, description, error, onBlur };
  const text = typeof value === "string" ? value : "";
  const list = Array.isArray(value) ? (value as string[]) : [];
  switch (field.kind) {
    case "boolean":
      return (
        <Checkbox
          {...shared}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
          mt={4}
        />
      );
    case "number":
      return (
        <NumberInput
          {...shared}
          required={required}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => onChange(typeof next === "number" ? next : null)}
          hideControls
        />
      );
    case "long-text":
      return (
        <Textarea
          {...shared}
          required={required}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
          autosize
          minRows={3}
          maxRows={16}
        />
      );
    case "choice":
      return (
        <NativeSelect
          {...shared}
          required={required}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value || null)}
          data={[
            ...(required && text ? [] : [{ value: "", label: "–" }]),
            ...(field.values ?? []).map((one) => ({ value: one, label: one })),
          ]}
        />
      );
    case "date":
      return (
        <TextInput
          {...shared}
          required={required}
          type="date"
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "users":
    case "components": {
      const known = field.kind === "users" ? choices.people : choices.components;
      const others = list.filter((one) => !known.some(({ value: name }) => name === one));
      return (
        <MultiSelect
          {...shared}
          required={required}
          data={[...known, ...others.map((one) => ({ value: one, label: `${one} (unknown)` }))]}
          value={list}
          onChange={onChange}
          searchable
          hidePickedOptions
          nothingFoundMessage="Nothing has such a name."
          placeholder={list.length === 0 ? "Choose…" : ""}
          comboboxProps={{ withinPortal: true }}
        />
      );
    }
    case "list":
      return (
        <TagsInput
          {...shared}
          required={required}
          value={list}
          onChange={onChange}
          splitChars={[",", ";", "\n"]}
          placeholder={list.length === 0 ? "One at a time, with Enter" : ""}
          data={field.values ? [...field.values] : []}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          required={required}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
