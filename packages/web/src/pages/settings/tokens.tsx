import { SCOPES } from "@change-mgmt/api/people.ts";
import { Button, Checkbox, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Me } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Blank, ProblemNotice } from "../../ui/notices.tsx";
import { Answer, Section } from "../../ui/page.tsx";
import { Secret } from "../../ui/secret.tsx";
import { StateBadge } from "../../ui/state.tsx";

type Scope = (typeof SCOPES)[number];

const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  read: "look at everything you may see",
  changes: "create, edit and work on changes",
  votes: "vote in your name",
  deployments: "deploy, roll back, sign off",
  reports: "hand in reports of tests and validation, and nothing else",
  administration: "people, tokens, configuration",
};

/** One's API tokens: what uses them, how far they reach, and taking them back. */
export function Tokens({ me }: { readonly me: Me }) {
  const own = permitOf(me, "token.own");
  const tokens = useAsk("tokens.list", {}, { when: own.allowed });
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<{ name: string; value: string }>();
  const items = (tokens.data?.items ?? []).filter(({ revokedAt }) => revokedAt === null);
  return (
    <Section title="API tokens">
      <Stack gap="md">
        {secret && (
          <Secret
            title={`The token "${secret.name}", shown this once`}
            value={secret.value}
            onClose={() => setSecret(undefined)}
          >
            Only its hash is kept here. A program sends it as <span className="mono">Authorization: Bearer …</span>; the
            command line reads it from <span className="mono">CHANGE_MGMT_TOKEN</span>.
          </Secret>
        )}
        {own.allowed ? (
          <Answer query={tokens}>
            {() =>
              items.length === 0 ? (
                <Blank title="No token">For programs that act in your name: CI, scripts, the command line.</Blank>
              ) : (
                <ul className="tokens">
                  {items.map((token) => (
                    <One key={token.id} token={token} />
                  ))}
                </ul>
              )
            }
          </Answer>
        ) : (
          <p className="quiet" style={{ margin: 0 }}>
            {own.reason} {own.hint}
          </p>
        )}
        {making ? (
          <MakeToken
            onMade={(name, value) => {
              setSecret({ name, value });
              setMaking(false);
            }}
            onCancel={() => setMaking(false)}
          />
        ) : (
          <div>
            <ActButton permit={own} variant="default" onClick={() => setMaking(true)}>
              Make a token
            </ActButton>
          </div>
        )}
      </Stack>
    </Section>
  );
}

type Token = {
  id: string;
  name: string;
  scopes: Scope[] | null;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
};

function One({ token }: { readonly token: Token }) {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  const revoke = useAct("tokens.revoke");
  const [asking, setAsking] = useState(false);
  const over = expiresAt !== null && Date.parse(expiresAt) < Date.now();
  return (
    <li>
      <span className="token-words">
        <strong>{name}</strong> {over && <StateBadge state="cancelled" words="expired" />}
        <span className="quiet data">
          {scopes === null ? "everything you may" : scopes.join(", ")} · made <Ago at={createdAt} still /> ·{" "}
          {lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              last used <Ago at={lastUsedAt} still />
            </>
          )}
          {expiresAt !== null && !over && (
            <>
              {" "}
              · ends <Ago at={expiresAt} still />
            </>
          )}
        </span>
      </span>
      <Button
        variant="default"
        size="compact-md"
        onClick={() => setAsking(true)}
        aria-label={`Revoke the token ${name}`}
      >
        Revoke…
      </Button>
      <Confirm
        opened={asking}
        onClose={() => {
          setAsking(false);
          revoke.reset();
        }}
        title={`Revoke the token "${name}"`}
        does="Whatever uses it is refused from now on. If this page was signed in with it, you are signed out."
        undo="it cannot be undone; make another token and put it where this one was used."
        verb="Revoke"
        pending={revoke.pending}
        problem={revoke.problem}
        onConfirm={async () => (await revoke.run({ params: { id } })) !== undefined}
      />
    </li>
  );
}

function MakeToken(props: { readonly onMade: (name: string, secret: string) => void; readonly onCancel: () => void }) {
  const create = useAct("tokens.create");
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["read"]);
  const [days, setDays] = useState<number | string>(90);
  const [tried, setTried] = useState(false);
  const unnamed = name.trim() === "";
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (unnamed || scopes.length === 0) return;
    const made = await create.run({
      body: {
        name: name.trim(),
        scopes: scopes as Scope[],
        ...(typeof days === "number" ? { expiresInDays: days } : {}),
      },
    });
    if (made) props.onMade(made.name, made.secret);
  };
  return (
    <form noValidate onSubmit={send} className="make-token" aria-label="Make a token">
      <Stack gap="sm">
        <TextInput
          label="What it is for"
          description="So that you know later whether it is still needed."
          placeholder="CI of the data layer"
          required
          value={name}
          error={tried && unnamed ? "It needs a name." : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          maw={420}
          data-autofocus
        />
        <Checkbox.Group
          label="How far it reaches"
          description="It never reaches further than you do."
          required
          value={scopes}
          onChange={setScopes}
          error={tried && scopes.length === 0 ? "It needs at least one." : undefined}
        >
          <Stack gap={6} mt={6}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={`${scope}: ${SCOPE_WORDS[scope]}`} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NumberInput
          label="Ends after so many days"
          description="Left empty: never by itself."
          value={days}
          onChange={setDays}
          min={1}
          max={3650}
          hideControls
          maw={220}
        />
        {create.problem && <ProblemNotice problem={create.problem} />}
        <Group gap={8}>
          <Button type="submit" loading={create.pending}>
            Make it
          </Button>
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
