import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAct, useAsk, useAskPages } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Me } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Handle } from "../../ui/handle.tsx";
import { momentInWords } from "../../ui/moment.tsx";
import { Blank, ProblemNotice } from "../../ui/notices.tsx";
import { Answer, Section } from "../../ui/page.tsx";

/** Who votes for me while I am away, and for whom I do. */
export function StandIns({ me }: { readonly me: Me }) {
  const own = permitOf(me, "delegation.own");
  const delegations = useAsk("delegations.list");
  const [making, setMaking] = useState(false);
  const now = Date.now();
  const items = (delegations.data?.items ?? []).filter(
    ({ person, delegate, until, endedAt }) =>
      (person === me.handle || delegate === me.handle) && endedAt === null && Date.parse(until) > now,
  );
  return (
    <Section title="Stand-ins">
      <Stack gap="md">
        <Answer query={delegations}>
          {() =>
            items.length === 0 ? (
              <Blank title="Nobody votes for you">
                Name somebody for the time you are away. Every vote says whose it is, and nobody is heard twice.
              </Blank>
            ) : (
              <ul className="tokens">
                {items.map((one) => (
                  <One key={one.id} one={one} mine={one.person === me.handle} now={now} />
                ))}
              </ul>
            )
          }
        </Answer>
        {making ? (
          <MakeStandIn me={me} done={() => setMaking(false)} />
        ) : (
          <div>
            <ActButton permit={own} variant="default" onClick={() => setMaking(true)}>
              Name a stand-in
            </ActButton>
          </div>
        )}
      </Stack>
    </Section>
  );
}

interface Delegated {
  readonly id: string;
  readonly person: string;
  readonly delegate: string;
  readonly from: string;
  readonly until: string;
  readonly reason: string | null;
}

function One({ one, mine, now }: { readonly one: Delegated; readonly mine: boolean; readonly now: number }) {
  const end = useAct("delegations.end");
  return (
    <li>
      <span className="token-words">
        <span>
          {mine ? (
            <>
              <Handle of={one.delegate} /> votes for you
            </>
          ) : (
            <>
              You vote for <Handle of={one.person} />
            </>
          )}
        </span>
        <span className="quiet data">
          from {momentInWords(one.from, now)} until {momentInWords(one.until, now)}
          {one.reason && ` · ${one.reason}`}
        </span>
        {end.problem && <ProblemNotice problem={end.problem} close={end.reset} />}
      </span>
      {mine && (
        <Button
          variant="default"
          size="compact-md"
          loading={end.pending}
          onClick={() => end.run({ params: { id: one.id } })}
          aria-label={`End that ${one.delegate} votes for me`}
        >
          End
        </Button>
      )}
    </li>
  );
}

/** Both days are whole ones of the viewer's zone, the last one included. */
function MakeStandIn({ me, done }: { readonly me: Me; readonly done: () => void }) {
  const make = useAct("delegations.make");
  const people = useAskPages("users.list", { query: { limit: 200 } });
  const [delegate, setDelegate] = useState<string | null>(null);
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const handles = (people.data?.pages ?? []).flatMap(({ items }) =>
    items.filter((user) => !user.disabled && user.handle !== me.handle).map((user) => user.handle),
  );
  const ready = delegate !== null && until !== "";
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (delegate === null || until === "") return;
    const end = new Date(`${until}T00:00:00`);
    end.setDate(end.getDate() + 1);
    const made = await make.run({
      body: {
        delegate,
        until: end.toISOString(),
        ...(from === "" ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }),
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      },
    });
    if (made) done();
  };
  return (
    <form noValidate onSubmit={send} aria-label="Name a stand-in">
      <Stack gap="sm" maw={420}>
        <Select label="Who votes for me" data={handles} value={delegate} onChange={setDelegate} searchable required />
        <Group grow align="flex-start">
          <TextInput
            type="date"
            label="From"
            description="Left empty: now"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label="Until"
            description="That day included"
            required
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </Group>
        <TextInput label="Why (optional)" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        {make.problem && <ProblemNotice problem={make.problem} />}
        <Group gap={8}>
          <Button type="submit" loading={make.pending} disabled={!ready}>
            Name them
          </Button>
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
