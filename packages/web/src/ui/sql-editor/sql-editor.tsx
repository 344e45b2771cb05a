import { Input } from "@mantine/core";
import { type CSSProperties, useEffect, useId, useRef, useState } from "react";
import { FindingList } from "./finding-list.tsx";
import type { SqlEditorHandle } from "./open-editor.ts";
import type { EditorFinding } from "./places.ts";
import "./sql-editor.css";

/**
 * A field for SQL: what is found is underlined at its place, said on hover, and listed below, where each entry leads to its place. Until
 * the editor is loaded, and where it cannot be, it is a plain text area.
 */
export function SqlEditor(props: {
  readonly label: string;
  readonly description: string;
  readonly required?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly findings: readonly EditorFinding[];
  /** Lines that it is high before it grows. */
  readonly lines: number;
}) {
  const { label, description, required = false, value, onChange, error, findings, lines } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<SqlEditorHandle>(undefined);
  const latest = useRef({ value, onChange });
  latest.current = { value, onChange };
  const [open, setOpen] = useState(false);
  const attributes = {
    "aria-label": label,
    "aria-describedby": `${id}-description${error ? ` ${id}-error` : ""}`,
    "aria-required": required ? "true" : "false",
    "aria-invalid": error !== undefined || findings.some(({ severity }) => severity === "error") ? "true" : "false",
  } as const;
  const attributesKey = JSON.stringify(attributes);

  useEffect(() => {
    let left = false;
    import("./open-editor.ts").then(
      ({ openEditor }) => {
        if (left || !frame.current) return;
        const { activeElement } = document;
        const typing = activeElement !== null && activeElement === plain.current ? plain.current : undefined;
        editor.current = openEditor({
          parent: frame.current,
          text: latest.current.value,
          attributes: {},
          placeholder: "",
          onChange: (text) => latest.current.onChange(text),
        });
        if (typing) editor.current.focus(typing.selectionStart, typing.selectionEnd);
        setOpen(true);
      },
      // The plain text area stays; nothing is lost but comfort.
      () => undefined,
    );
    return () => {
      left = true;
      editor.current?.close();
      editor.current = undefined;
    };
  }, []);
  useEffect(() => editor.current?.setText(value), [value]);
  // An editor that has just opened is told everything once.
  useEffect(() => editor.current?.setAttributes(JSON.parse(attributesKey)), [attributesKey, open]);
  useEffect(() => editor.current?.setFindings(findings), [findings, open]);

  return (
    <Input.Wrapper
      label={label}
      description={`${description} Tab leads out of it.`}
      required={required}
      error={error}
      labelElement="div"
      descriptionProps={{ id: `${id}-description` }}
      errorProps={{ id: `${id}-error` }}
    >
      <div
        ref={frame}
        className={error ? "sql-editor invalid" : "sql-editor"}
        style={{ "--lines": lines } as CSSProperties}
      >
        {!open && (
          <textarea
            {...attributes}
            ref={plain}
            className="sql-plain"
            rows={Math.max(lines, value.split("\n").length)}
            value={value}
            spellCheck={false}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        )}
      </div>
      <FindingList label={label} findings={findings} onGo={(span) => editor.current?.goTo(span)} />
    </Input.Wrapper>
  );
}
