import { Button, Group } from "@mantine/core";
import type { Difference } from "./differences.ts";

/** Says that somebody else has changed what is being edited, what is newer, and offers what one can do about it. */
export function Newer(props: {
  readonly number: string;
  readonly parts: readonly Difference[];
  readonly onTakeOver: () => void;
  readonly onDropMine: () => void;
}) {
  const { number, parts, onTakeOver, onDropMine } = props;
  const conflicts = parts.filter(({ mine }) => mine !== undefined);
  return (
    <div className="notice state-attention" role="alert">
      <strong>Somebody has edited {number} since you opened it. What is newer:</strong>
      <ul>
        {parts.map(({ id, title, before, theirs, mine }) => (
          <li key={id}>
            <strong>{title}</strong>: was “{before}”, is now “{theirs}”{mine !== undefined && <>; you wrote “{mine}”</>}
          </li>
        ))}
      </ul>
      <Group gap={8} mt={8}>
        <Button size="compact-md" onClick={onTakeOver}>
          {conflicts.length > 0 ? "Take it over, keep what I wrote" : "Take it over"}
        </Button>
        <Button size="compact-md" variant="default" onClick={onDropMine}>
          Drop what I wrote
        </Button>
      </Group>
    </div>
  );
}
