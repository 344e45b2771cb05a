import { STATUSES } from "@change-mgmt/domain/change/status.ts";
import { Button, Checkbox, Group, MultiSelect, Select } from "@mantine/core";
import { useAsk } from "../../data/ask.ts";
import type { ChangeFilters } from "../../paths.ts";
import { wordsOf } from "../../ui/states.ts";
import { filterCount } from "./views.ts";

/** The filters of the list; what is chosen goes into the address by `set`. */
export function Filters({ filters, set }: { filters: ChangeFilters; set: (changed: ChangeFilters) => void }) {
  const processes = useAsk("processes.list");
  const config = useAsk("config.get");
  const teams = useAsk("teams.list");
  const users = useAsk("users.list", { query: { limit: 200 } });
  const types = new Map((processes.data?.items ?? []).flatMap((one) => one.types.map(({ id, title }) => [id, title])));
  const people = (users.data?.items ?? []).map(({ handle, name }) => ({ value: handle, label: `${name} (${handle})` }));
  return (
    <Group gap={8} align="flex-end" className="filters">
      <MultiSelect
        label="Status"
        data={STATUSES.map((value) => ({ value, label: wordsOf(value) }))}
        value={filters.status?.split(",") ?? []}
        onChange={(chosen) => set({ status: chosen.join(",") })}
        clearable
        searchable
        size="xs"
        {...(filters.status ? {} : { placeholder: "Any" })}
      />
      <Choice
        label="Type"
        data={[...types].map(([value, label]) => ({ value, label }))}
        value={filters.type}
        onChange={(type) => set({ type })}
      />
      <Choice
        label="Team"
        data={(teams.data?.items ?? []).map(({ name, title }) => ({ value: name, label: title || name }))}
        value={filters.team}
        onChange={(team) => set({ team })}
      />
      <Choice
        label="Component"
        data={(config.data?.components ?? []).map(({ name }) => ({ value: name, label: name }))}
        value={filters.component}
        onChange={(component) => set({ component })}
      />
      <Choice label="Requester" data={people} value={filters.requester} onChange={(requester) => set({ requester })} />
      <Choice label="Assignee" data={people} value={filters.assignee} onChange={(assignee) => set({ assignee })} />
      <Select
        label="Order"
        data={[
          { value: "newest", label: "Newest first" },
          { value: "oldest", label: "Oldest first" },
        ]}
        value={filters.order === "oldest" ? "oldest" : "newest"}
        onChange={(order) => set({ order: order === "oldest" ? order : undefined })}
        allowDeselect={false}
        size="xs"
      />
      <Checkbox
        label="Only active"
        checked={filters.active === "true"}
        onChange={(event) => set({ active: event.currentTarget.checked ? "true" : undefined })}
        pb={7}
      />
      <Button
        variant="subtle"
        size="xs"
        // Its place is kept, so that nothing moves when the first filter is set.
        style={filterCount(filters) === 0 ? { visibility: "hidden" } : undefined}
        onClick={() =>
          set({
            q: undefined,
            status: undefined,
            type: undefined,
            team: undefined,
            component: undefined,
            requester: undefined,
            assignee: undefined,
            active: undefined,
          })
        }
      >
        Clear filters
      </Button>
    </Group>
  );
}

function Choice(props: {
  label: string;
  data: readonly { readonly value: string; readonly label: string }[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { label, value, onChange } = props;
  // A link may name what is not there any more; it is shown all the same.
  const data =
    value && !props.data.some((one) => one.value === value) ? [...props.data, { value, label: value }] : props.data;
  return (
    <Select
      label={label}
      placeholder="Any"
      data={[...data]}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearable
      searchable
      size="xs"
    />
  );
}
