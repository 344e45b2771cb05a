import { ROLES, type Role } from "@change-mgmt/domain/identity/roles.ts";
import { Button, Group, MultiSelect, Stack, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Section } from "../../ui/page.tsx";
import { fieldProblems, readPosition } from "./words.ts";

/** The form for somebody new. Afterwards they are shown, so that they can be given a link to sign in with. */
export function AddPerson() {
  const go = useGo();
  const teams = useAsk("teams.list");
  const create = useAct("users.create");
  const [handle, setHandle] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [roles, setRoles] = useState<string[]>(["requester"]);
  const [inTeams, setInTeams] = useState<string[]>([]);
  const [positions, setPositions] = useState<string[]>([]);
  const at = fieldProblems(create.problem);
  const send = async () => {
    const made = await create.run({
      body: {
        handle: handle.trim(),
        name: name.trim(),
        ...(email.trim() ? { email: email.trim() } : {}),
        roles: roles as Role[],
        teams: inTeams,
        positions: positions.map(readPosition),
      },
    });
    if (made) go(paths.people({ person: made.handle }), { replace: true });
  };
  return (
    <Section title="Add a person">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap="sm">
          <div className="person-form">
            <TextInput
              label="Name"
              description="As people call them."
              required
              value={name}
              error={at("name")}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
            <TextInput
              label="Handle"
              description="Short, for good: lower-case letters, digits, dot, dash."
              required
              value={handle}
              error={at("handle")}
              onChange={(event) => setHandle(event.currentTarget.value)}
              autoCapitalize="none"
            />
            <TextInput
              label="E-mail"
              description="May be left out."
              type="email"
              value={email}
              error={at("email")}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <MultiSelect
              label="Roles"
              description="What they may do; several add up."
              data={[...ROLES]}
              value={roles}
              error={at("roles")}
              onChange={setRoles}
            />
            <MultiSelect
              label="Teams"
              description="Whose changes they approve."
              data={(teams.data?.items ?? []).map((team) => ({ value: team.name, label: team.title }))}
              value={inTeams}
              error={at("teams")}
              onChange={setInTeams}
            />
            <TagsInput
              label="Positions"
              description="Words of a process, such as on-call, or team-lead of web."
              value={positions}
              error={at("positions")}
              onChange={setPositions}
            />
          </div>
          {create.problem && <ProblemNotice problem={create.problem} />}
          <Group gap={8}>
            <Button type="submit" loading={create.pending}>
              Add
            </Button>
            <Button variant="default" onClick={() => go(paths.people(), { replace: true })}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
