import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
} from "@tabler/icons-react";
import { kindOf, type StateKind, wordsOf } from "./states.ts";

const ICONS = {
  waiting: IconCircleDashed,
  running: IconLoader2,
  good: IconCircleCheck,
  attention: IconAlertTriangle,
  stopped: IconCircleX,
  undone: IconArrowBackUp,
} as const;

/** A state as icon and word: `<StateBadge state="awaiting_approval" />`. `words` replaces the state's own, `kind` its kind. */
export function StateBadge({ state, words, kind }: { state: string; words?: string; kind?: StateKind }) {
  const shown = kind ?? kindOf(state);
  const Icon = ICONS[shown];
  return (
    <span className={`state state-${shown}`}>
      <Icon size={15} aria-hidden />
      {words ?? wordsOf(state)}
    </span>
  );
}

/** A state as an icon alone; `words` is what a screen reader hears, left out where the text beside it says it. */
export function Mark({ kind, words }: { kind: StateKind; words?: string }) {
  const Icon = ICONS[kind];
  return (
    <span className={`mark state-${kind}`}>
      <Icon size={17} aria-hidden />
      {words !== undefined && <span className="only-read">{words}: </span>}
    </span>
  );
}
