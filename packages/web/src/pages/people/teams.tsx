import { Button, CloseButton, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import type { Team, User } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import type { Permit } from "../../ui/act-button.tsx";
import { Link } from "../../ui/link.tsx";
import { Blank, ProblemNotice } from "../../ui/notices.tsx";
import { Answer, Section } from "../../ui/page.tsx";
import { fieldProblems } from "./words.ts";

/** Teams with their members; administrators add and remove both. */
export function Teams({ people, manage }: { readonly people: readonly User[]; readonly manage: Permit }) {
  const teams = useAsk("teams.list");
  return (
    <Section title="Teams">
      <Answer query={teams}>
        {({ items }) => (
          <Stack gap="md">
            {items.length === 0 && <Blank title="No team yet">Changes are routed to teams and approved by them.</Blank>}
            <div className="teams">
              {items.map((team) => (
                <OneTeam key={team.name} team={team} people={people} mayManage={manage.allowed} />
              ))}
            </div>
            {manage.allowed && <AddTeam />}
          </Stack>
        )}
      </Answer>
    </Section>
  );
}

function OneTeam(props: { readonly team: Team; readonly people: readonly User[]; readonly mayManage: boolean }) {
  const { team, people, mayManage } = props;
  const add = useAct("teams.addMember");
  const remove = useAct("teams.removeMember");
  const [chosen, setChosen] = useState("");
  const problem = add.problem ?? remove.problem;
  const others = people.filter(({ handle, disabled }) => !disabled && !team.members.includes(handle));
  return (
    <div className="team">
      <h3>
        {team.title} <span className="mono quiet">{team.name}</span>
      </h3>
      {team.members.length === 0 ? (
        <p className="quiet data">Nobody yet; nobody could approve for it.</p>
      ) : (
        <ul className="members">
          {team.members.map((handle) => (
            <li key={handle}>
              <Link href={paths.people({ person: handle })}>{handle}</Link>
              {mayManage && (
                <CloseButton
                  size="sm"
                  aria-label={`Take ${handle} out of ${team.title}`}
                  onClick={() => remove.run({ params: { name: team.name, user: handle } })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {mayManage && (
        <Group gap={8} align="flex-end" wrap="nowrap">
          <NativeSelect
            aria-label={`Somebody to add to ${team.title}`}
            size="xs"
            value={chosen}
            data={[
              { value: "", label: "Somebody…" },
              ...others.map(({ handle }) => ({ value: handle, label: handle })),
            ]}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <Button
            size="xs"
            variant="default"
            disabled={chosen === ""}
            loading={add.pending}
            onClick={async () => {
              if (await add.run({ params: { name: team.name }, body: { user: chosen } })) setChosen("");
            }}
          >
            Add
          </Button>
        </Group>
      )}
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}

function AddTeam() {
  const create = useAct("teams.create");
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const at = fieldProblems(create.problem);
  return (
    <form
      noValidate
      onSubmit={async (event) => {
        event.preventDefault();
        const made = await create.run({
          body: { name: name.trim(), ...(title.trim() ? { title: title.trim() } : {}) },
        });
        if (!made) return;
        setName("");
        setTitle("");
      }}
    >
      <Stack gap="sm">
        <div className="person-form">
          <TextInput
            label="New team"
            description="Lower-case letters, digits and dashes, as change-mgmt.yaml names it."
            value={name}
            error={at("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Title"
            description="As people call it; may be left out."
            value={title}
            error={at("title")}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </div>
        {create.problem && <ProblemNotice problem={create.problem} />}
        <div>
          <Button type="submit" variant="default" disabled={name.trim() === ""} loading={create.pending}>
            Add the team
          </Button>
        </div>
      </Stack>
    </form>
  );
}
