import { Button, Group, Modal, Radio, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { type ChangeFilters, paths } from "../../paths.ts";
import { useGo } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { addressOf, keptOf, type SavedView } from "./views.ts";

/** Names a view and says with whom it is shared: a new one of what is shown, or one that exists. */
export function ViewDialog(props: {
  readonly view?: SavedView;
  readonly search: ChangeFilters;
  readonly close: () => void;
}) {
  const { view, search, close } = props;
  const go = useGo();
  const create = useAct("savedViews.create");
  const edit = useAct("savedViews.edit");
  const { data: me } = useAsk("me");
  const { data: teams } = useAsk("teams.list");
  const [name, setName] = useState(view?.name ?? "");
  const [sharedWith, setSharedWith] = useState<SavedView["sharedWith"]>(view?.sharedWith ?? "nobody");
  const [team, setTeam] = useState<string | null>(view?.team ?? null);
  const mine = (teams?.items ?? []).filter(
    ({ name: one }) => me?.teams.includes(one) || me?.roles.includes("administrator") || one === view?.team,
  );
  const chosenTeam = team ?? (mine.length === 1 ? mine[0]!.name : null);
  const ready = name.trim() !== "" && (sharedWith !== "team" || chosenTeam !== null);
  const save = async () => {
    const said = { name: name.trim(), sharedWith, team: sharedWith === "team" ? chosenTeam : null };
    const saved = view
      ? await edit.run({ params: { id: view.id }, body: said, ifMatch: view.version })
      : await create.run({ body: { ...said, filters: keptOf(search) } });
    if (!saved) return;
    if (!view) go(paths.changes(addressOf(saved)), { replace: true });
    close();
  };
  const problem = create.problem ?? edit.problem;
  return (
    <Modal
      opened
      onClose={close}
      title={<strong>{view ? `Rename or share “${view.name}”` : "Save what is shown as a view"}</strong>}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) save();
        }}
      >
        <Stack gap="sm">
          {!view && (
            <p style={{ margin: 0 }}>It keeps the search, filters, columns and order, not the changes themselves.</p>
          )}
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={80}
            autoComplete="off"
            data-autofocus
          />
          <Radio.Group
            label="Who sees it"
            value={sharedWith}
            onChange={(value) => setSharedWith(value as SavedView["sharedWith"])}
          >
            <Stack gap={6} mt={6}>
              <Radio value="nobody" label="Only you" />
              <Radio value="team" label="A team" disabled={mine.length === 0} />
              <Radio value="everybody" label="Everybody" />
            </Stack>
          </Radio.Group>
          {sharedWith === "team" && (
            <Select
              label="Team"
              data={mine.map(({ name: value, title }) => ({ value, label: title || value }))}
              value={chosenTeam}
              onChange={setTeam}
            />
          )}
          {problem && <ProblemNotice problem={problem} />}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" disabled={!ready} loading={create.pending || edit.pending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
