import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { queryClient, useAct, useAsk } from "../../data/ask.ts";
import { session } from "../../data/session.ts";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Answer, Section } from "../../ui/page.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { type Account, SecondFactor } from "./second-factor.tsx";

/** How one signs in, and where one is signed in. */
export function SigningIn({ account }: { readonly account: Account }) {
  return (
    <Section title="Signing in">
      <Stack gap="lg">
        <Password account={account} />
        <SecondFactor account={account} />
        <Sessions />
      </Stack>
    </Section>
  );
}

function Password({ account }: { readonly account: Account }) {
  const set = useAct("password.set");
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    if (!(await set.run({ body: { password, ...(account.password ? { current } : {}) } }))) return;
    setCurrent("");
    setPassword("");
    setDone(true);
    await queryClient.invalidateQueries({ queryKey: ["me"] });
  };
  return (
    <form noValidate onSubmit={save}>
      <Stack gap="sm" maw={420}>
        <h3 className="settings-part">{account.password ? "Change the password" : "Set a password"}</h3>
        {account.password && (
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": "Show or hide the current password" }}
          />
        )}
        <PasswordInput
          label="New password"
          description="Every other session of yours ends when it is set."
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show or hide the new password" }}
        />
        {set.problem && <ProblemNotice problem={set.problem} />}
        <Group gap={10}>
          <Button type="submit" variant="default" disabled={password === ""} loading={set.pending}>
            {account.password ? "Change it" : "Set it"}
          </Button>
          <span role="status">{done && <StateBadge state="done" words="the password is set" />}</span>
        </Group>
      </Stack>
    </form>
  );
}

function Sessions() {
  const sessions = useAsk("sessions.list");
  const revoke = useAct("sessions.revoke");
  const revokeAll = useAct("sessions.revokeAll");
  const [asking, setAsking] = useState(false);
  return (
    <Stack gap="sm">
      <h3 className="settings-part">Where you are signed in</h3>
      <Answer query={sessions}>
        {({ items }) => (
          <ul className="tokens">
            {items.map(({ id, method, address, userAgent, lastUsedAt, current }) => (
              <li key={id}>
                <span className="token-words">
                  <span>
                    {browserOf(userAgent)} {current && <StateBadge state="running" words="this one" kind="good" />}
                  </span>
                  <span className="quiet data">
                    by {method}, last used <Ago at={lastUsedAt} still />
                    {address && ` from ${address}`}
                  </span>
                </span>
                {!current && (
                  <Button
                    variant="default"
                    size="compact-md"
                    onClick={() => revoke.run({ params: { id } })}
                    aria-label={`End it: the session of ${browserOf(userAgent)}`}
                  >
                    End it
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Answer>
      {revoke.problem && <ProblemNotice problem={revoke.problem} />}
      <div>
        <Button variant="default" onClick={() => setAsking(true)}>
          Sign out everywhere…
        </Button>
      </div>
      <Confirm
        opened={asking}
        onClose={() => {
          setAsking(false);
          revokeAll.reset();
        }}
        title="Sign out everywhere"
        does="All your sessions end, this one too, and the tokens that signing in gave. API tokens you made stay."
        undo="sign in again."
        verb="Sign out everywhere"
        pending={revokeAll.pending}
        problem={revokeAll.problem}
        onConfirm={async () => {
          if ((await revokeAll.run({})) === undefined) return false;
          session.end();
          queryClient.clear();
          return true;
        }}
      />
    </Stack>
  );
}

/** A browser by its own name for itself, as far as people would say it. */
function browserOf(userAgent: string | null): string {
  if (userAgent === null) return "An unknown program";
  const name = ["Edg", "Firefox", "Chrome", "Safari"].find((one) => userAgent.includes(`${one}/`));
  const system = userAgent.match(/Android|iPhone|iPad|Windows|Mac OS X|Linux/)?.[0];
  return name ? `${name === "Edg" ? "Edge" : name}${system ? ` on ${system}` : ""}` : userAgent.slice(0, 60);
}
