import { Autocomplete, Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAskPages } from "../../data/ask.ts";
import type { AuditFilters } from "../../paths.ts";
import { Section } from "../../ui/page.tsx";

/** Kinds of entries that people look for; any other can be typed. */
const EVENTS = [
  "change.created",
  "change.submitted",
  "change.assessed",
  "change.edited",
  "change.approved",
  "change.failed",
  "change.closed",
  "change.cancelled",
  "step.completed",
  "vote.cast",
  "votes.voided",
  "deployment.requested",
  "deployment.succeeded",
  "deployment.failed",
  "deployment.cancelled",
  "deployment.signed-off",
  "rollback.requested",
  "environment.baseline-set",
  "config.imported",
  "user.created",
  "user.edited",
  "token.created",
  "token.revoked",
  "link.created",
  "audit.queried",
];

/** The filters of the explorer. They take effect together, because each look at the trail is written down. */
export function Filters(props: {
  readonly filters: AuditFilters;
  readonly onChange: (filters: AuditFilters) => void;
  readonly onlyByChange: boolean;
}) {
  const { filters, onChange, onlyByChange } = props;
  const people = useAskPages("users.list", { query: { limit: 200 } }, { when: !onlyByChange });
  const [written, setWritten] = useState<AuditFilters>(filters);
  const put = (part: AuditFilters) => setWritten({ ...written, ...part });
  const any = Object.values(filters).some(Boolean);
  return (
    <Section title="Filters">
      <form
        className="audit-filters"
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ ...written, change: written.change?.trim(), event: written.event?.trim() });
        }}
      >
        <TextInput
          label="Change"
          placeholder="CHG-12"
          value={written.change ?? ""}
          onChange={(event) => put({ change: event.currentTarget.value })}
        />
        {!onlyByChange && (
          <>
            <Autocomplete
              label="Person"
              placeholder="Anybody"
              data={["engine", ...people.items.map(({ handle }) => handle)]}
              value={written.user ?? ""}
              onChange={(user) => put({ user })}
            />
            <Autocomplete
              label="Event"
              placeholder="Any"
              data={EVENTS}
              limit={30}
              value={written.event ?? ""}
              onChange={(event) => put({ event })}
            />
            <TextInput
              label="From"
              type="datetime-local"
              value={toLocal(written.from)}
              onChange={(event) => put({ from: toUtc(event.currentTarget.value) })}
            />
            <TextInput
              label="Until"
              type="datetime-local"
              value={toLocal(written.to)}
              onChange={(event) => put({ to: toUtc(event.currentTarget.value) })}
            />
          </>
        )}
        <Group gap={8} wrap="nowrap" className="audit-buttons">
          <Button type="submit">Show</Button>
          {any && (
            <Button variant="default" onClick={() => onChange({})}>
              Clear
            </Button>
          )}
        </Group>
      </form>
    </Section>
  );
}

/** A moment in UTC as the control shows it, in the viewer's zone. */
function toLocal(utc: string | undefined): string {
  const at = utc ? new Date(utc) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toUtc(local: string): string | undefined {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
