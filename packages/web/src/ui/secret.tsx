import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Something that is shown this once, to be copied: a link, a token. */
export function Secret(props: {
  readonly title: string;
  readonly value: string;
  readonly children?: ReactNode;
  readonly onClose: () => void;
}) {
  const { title, value, children, onClose } = props;
  return (
    <div className="notice state-attention" role="status">
      <strong>{title}</strong>
      <p>{children}</p>
      <p className="mono" style={{ overflowWrap: "anywhere", userSelect: "all", margin: "8px 0" }}>
        {value}
      </p>
      <div style={{ display: "flex", flexWrap: "wrap", gap: 8 }}>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button
              size="compact-md"
              onClick={copy}
              leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button size="compact-md" variant="default" onClick={onClose}>
          I have it
        </Button>
      </div>
    </div>
  );
}
