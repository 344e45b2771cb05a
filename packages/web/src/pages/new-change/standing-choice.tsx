import type { StandingChange } from "@change-mgmt/domain/process/process.ts";
import { STANDING } from "@change-mgmt/domain/process/standing.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/link.tsx";
import { Section } from "../../ui/page.tsx";
import type { Ground } from "./ground.tsx";
import { draftKey, keepDraft } from "./kept-draft.ts";

/** Standard changes that were approved beforehand, to begin one of them with its form filled in. */
export function StandingChoice({ ground, replaces }: { readonly ground: Ground; readonly replaces: boolean }) {
  const { process, handle } = ground;
  const go = useGo();
  const today = new Date().toISOString().slice(0, 10);
  const usable = (process.standing ?? []).filter(({ expires }) => today <= expires);
  if (usable.length === 0) return null;
  const begin = ({ id, title, fields }: StandingChange) => {
    const type = String(fields.type ?? process.types[0]!.id);
    const values = { ...fields, type, [STANDING]: id };
    keepDraft(draftKey(handle), {
      process: process.name,
      values,
      artifacts: [],
      file: title,
      at: new Date().toISOString(),
    });
    go(paths.newChange({ process: process.name, type }));
  };
  return (
    <Section title="Or one that was approved beforehand">
      {replaces && <p className="quiet data flat">It takes the place of what you began.</p>}
      <ul className="types">
        {usable.map((entry) => (
          <li key={entry.id}>
            <button type="button" className="type-choice" onClick={() => begin(entry)}>
              <strong>{entry.title}</strong>
              <span className="quiet data">
                {entry.description} Until {entry.expires}.
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
