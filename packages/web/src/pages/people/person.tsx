import { ROLES, type Role } from "@change-mgmt/domain/identity/roles.ts";
import { Group, MultiSelect, Stack, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Me, User } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Link } from "../../ui/link.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Section } from "../../ui/page.tsx";
import { Secret } from "../../ui/secret.tsx";
import { fieldProblems, positionWords, readPosition } from "./words.ts";

/** One person: what they are, and for administrators what can be changed about it. */
export function Person({ user, me }: { readonly user: User; readonly me: Me | undefined }) {
  const { handle, name, email, roles, teams, positions, createdAt } = user;
  const manage = permitOf(me, "people.manage");
  return (
    <Section title={name} aside={<Link href={paths.people()}>Close</Link>}>
      {manage.allowed ? (
        <EditPerson user={user} me={me} />
      ) : (
        <dl className="person-facts data">
          <dt>Handle</dt>
          <dd className="mono">{handle}</dd>
          <dt>E-mail</dt>
          <dd>{email ?? "not known"}</dd>
          <dt>Roles</dt>
          <dd>{roles.join(", ") || "none"}</dd>
          <dt>Teams</dt>
          <dd>{teams.join(", ") || "none"}</dd>
          <dt>Positions</dt>
          <dd>{positions.map(positionWords).join(", ") || "none"}</dd>
          <dt>Here since</dt>
          <dd>
            <Ago at={createdAt} />
          </dd>
        </dl>
      )}
    </Section>
  );
}

function EditPerson({ user, me }: { readonly user: User; readonly me: Me | undefined }) {
  const { handle } = user;
  const edit = useAct("users.edit");
  const link = useAct("links.create");
  const [name, setName] = useState(user.name);
  const [email, setEmail] = useState(user.email ?? "");
  const [roles, setRoles] = useState<string[]>(user.roles);
  const [positions, setPositions] = useState(user.positions.map(positionWords));
  const [asking, setAsking] = useState(false);
  const before = JSON.stringify([user.name, user.email ?? "", user.roles, user.positions.map(positionWords)]);
  const changed = JSON.stringify([name, email, roles, positions]) !== before;
  const at = fieldProblems(edit.problem);
  const save = () =>
    edit.run({
      params: { name: handle },
      body: {
        name: name.trim(),
        email: email.trim() || null,
        roles: roles as Role[],
        positions: positions.map(readPosition),
      },
    });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) save();
      }}
    >
      <Stack gap="sm">
        <div className="person-form">
          <TextInput
            label="Name"
            required
            value={name}
            error={at("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="E-mail"
            type="email"
            value={email}
            error={at("email")}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <MultiSelect label="Roles" data={[...ROLES]} value={roles} error={at("roles")} onChange={setRoles} />
          <TagsInput
            label="Positions"
            description="Such as on-call, or team-lead of web."
            value={positions}
            error={at("positions")}
            onChange={setPositions}
          />
        </div>
        {edit.problem && <ProblemNotice problem={edit.problem} />}
        {link.problem && <ProblemNotice problem={link.problem} />}
        {link.answer && (
          <Secret title={`Sign-in link for ${handle}, shown this once`} value={link.answer.url} onClose={link.reset}>
            Hand it over in private: whoever opens it first is signed in as {handle}. It works once and ends{" "}
            <Ago at={link.answer.expiresAt} />.
          </Secret>
        )}
        <Group gap={8} align="flex-start">
          <ActButton
            permit={changed ? { allowed: true } : { allowed: false, reason: "Nothing is changed yet." }}
            onClick={save}
            loading={edit.pending && !asking}
          >
            Save
          </ActButton>
          <ActButton
            permit={
              user.disabled
                ? { allowed: false, reason: `${handle} is disabled.`, hint: "Enable them first." }
                : permitOf(me, "token.manage")
            }
            variant="default"
            onClick={() => link.run({ body: { user: handle } })}
            loading={link.pending}
          >
            Make a sign-in link
          </ActButton>
          {user.disabled ? (
            <ActButton
              permit={{ allowed: true }}
              variant="default"
              onClick={() => edit.run({ params: { name: handle }, body: { disabled: false } })}
              loading={edit.pending}
            >
              Enable
            </ActButton>
          ) : (
            <ActButton
              permit={
                me?.handle === handle
                  ? {
                      allowed: false,
                      reason: "You cannot take your own administration away.",
                      hint: "Let another administrator do it.",
                    }
                  : { allowed: true }
              }
              variant="default"
              onClick={() => setAsking(true)}
            >
              Disable…
            </ActButton>
          )}
        </Group>
      </Stack>
      <Confirm
        opened={asking}
        onClose={() => {
          setAsking(false);
          if (edit.problem) edit.reset();
        }}
        title={`Disable ${user.name}`}
        does={`${handle} can no longer sign in, and their tokens stop working. What they did stays as it is, under their name.`}
        undo="enable them again on this page; roles and teams are kept."
        verb="Disable"
        pending={edit.pending}
        problem={edit.problem}
        onConfirm={async () => (await edit.run({ params: { name: handle }, body: { disabled: true } })) !== undefined}
      />
    </form>
  );
}
