import { Button, Group, NativeSelect, Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import { paths } from "../../paths.ts";
import { Ago } from "../../ui/ago.tsx";
import { Link, useGo } from "../../ui/link.tsx";
import { NotAllowed } from "../../ui/notices.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { ChangeForm, type Written, whatIsMissing } from "./change-form.tsx";
import { FromFile } from "./from-file.tsx";
import { type Ground, WithGround } from "./ground.tsx";
import { draftKey, dropDraft, type KeptDraft, keepDraft, readDraft } from "./kept-draft.ts";
import { Missing } from "./missing.tsx";
import { sendable } from "./sendable.ts";
import { StandingChoice } from "./standing-choice.tsx";
import "./new-change.css";

const route = getRouteApi("/changes/new");

/** What must I say? The type first, then only what this type needs. */
export default function NewChangePage() {
  const { process, type } = route.useSearch();
  const { data: me } = useAsk("me");
  const permit = permitOf(me, "change.create");
  return (
    <Page
      title="New change"
      answer={<span className="quiet">What must I say? The type first; it decides what is asked.</span>}
    >
      {me !== undefined && !permit.allowed ? (
        <NotAllowed problem={{ detail: permit.reason ?? "", hint: permit.hint ?? "" }} />
      ) : (
        <WithGround process={process}>
          {(ground) =>
            ground.process.types.some(({ id }) => id === type) ? (
              <Form ground={ground} type={type!} />
            ) : (
              <ChooseType ground={ground} />
            )
          }
        </WithGround>
      )}
    </Page>
  );
}

function ChooseType({ ground }: { readonly ground: Ground }) {
  const { process, handle } = ground;
  const processes = useAsk("processes.list");
  const go = useGo();
  const key = draftKey(handle);
  const [kept, setKept] = useState(() => readDraft(key));
  const items = processes.data?.items ?? [];
  return (
    <Stack gap="md">
      {kept && (
        <div className="notice state-running" role="status">
          <strong>You began a change: {String(kept.values.title || "without a title yet")}</strong>
          <p>
            Kept in this browser, written <Ago at={kept.at} />.
          </p>
          <Group gap={8} mt={8}>
            <Button
              size="compact-md"
              onClick={() => go(paths.newChange({ process: kept.process, type: String(kept.values.type) }))}
            >
              Go on with it
            </Button>
            <Button
              size="compact-md"
              variant="default"
              onClick={() => {
                dropDraft(key);
                setKept(null);
              }}
            >
              Throw it away
            </Button>
          </Group>
        </div>
      )}
      {items.length > 1 && (
        <NativeSelect
          label="Process"
          description={process.description}
          value={process.name}
          data={items.map(({ name, title }) => ({ value: name, label: title }))}
          onChange={(event) => go(paths.newChange({ process: event.currentTarget.value }), { replace: true })}
          maw={420}
        />
      )}
      <Section title="What sort of change is it?">
        <ul className="types">
          {process.types.map(({ id, title, description }) => (
            <li key={id}>
              <Link className="type-choice" href={paths.newChange({ process: process.name, type: id })}>
                <strong>{title}</strong>
                <span className="quiet data">{description}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Section>
      <StandingChoice ground={ground} replaces={kept !== null} />
      <FromFile ground={ground} />
    </Stack>
  );
}

function Form({ ground, type }: { readonly ground: Ground; readonly type: string }) {
  const { process, inputs, choices, handle } = ground;
  const go = useGo();
  const create = useAct("changes.create");
  const key = draftKey(handle);
  const [restored, setRestored] = useState<KeptDraft | undefined>(() => {
    const kept = readDraft(key);
    return kept?.process === process.name ? kept : undefined;
  });
  const [written, setWritten] = useState<Written>(() => ({
    values: { ...restored?.values, type },
    artifacts: restored?.artifacts ?? [],
  }));
  const [tried, setTried] = useState<"draft" | "submit">();
  const [kept, setKept] = useState<"kept" | "no-room">();
  const sent = useRef(false);
  // Back and forward, and links to another type, change the type of what is written and nothing else.
  if (written.values.type !== type) setWritten({ ...written, values: { ...written.values, type } });
  useEffect(() => {
    const said = Object.keys(written.values).length > 1 || written.artifacts.length > 0;
    if (!said) return;
    const timer = setTimeout(() => {
      if (sent.current) return;
      const done = keepDraft(key, { ...written, process: process.name, at: new Date().toISOString() });
      setKept(done ? "kept" : "no-room");
    }, 400);
    return () => clearTimeout(timer);
  }, [written, key, process.name]);

  const missing = whatIsMissing(process, written, inputs, tried ?? "submit");
  const send = async (as: "draft" | "submit") => {
    setTried(as);
    const open = whatIsMissing(process, written, inputs, as);
    if (open.length > 0) {
      document.getElementById(open[0]!.id)?.focus();
      return;
    }
    sent.current = true;
    const made = await create.run({
      body: { process: process.name, ...sendable(process, written), submit: as === "submit" },
    });
    sent.current = made !== undefined;
    if (made === undefined) return;
    dropDraft(key);
    go(paths.change(made.number));
  };
  const startAnew = () => {
    dropDraft(key);
    setRestored(undefined);
    setTried(undefined);
    create.reset();
    setWritten({ values: { type }, artifacts: [] });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send("submit");
      }}
    >
      <ChangeForm
        process={process}
        written={written}
        onChange={(next) => {
          if (next.values.type === type) setWritten(next);
          else go(paths.newChange({ process: process.name, type: String(next.values.type) }), { replace: true });
        }}
        inputs={inputs}
        choices={choices}
        problem={create.problem}
        tried={tried}
        before={
          restored && (
            <div className="notice state-running" role="status">
              <strong>
                {restored.file ? `Filled in from ${restored.file}` : "Restored what you wrote"} <Ago at={restored.at} />
                .
              </strong>
              <Group gap={8} mt={6}>
                <Button size="compact-sm" variant="default" onClick={startAnew}>
                  Throw it away and start anew
                </Button>
                <Button size="compact-sm" variant="subtle" onClick={() => setRestored(undefined)}>
                  Keep it
                </Button>
              </Group>
            </div>
          )
        }
      >
        {tried && <Missing missing={missing} to={tried === "draft" ? "keep the draft" : "submit"} />}
        <div className="form-foot">
          <Button type="submit" loading={create.pending && tried === "submit"}>
            Create and submit
          </Button>
          <Button variant="default" onClick={() => send("draft")} loading={create.pending && tried === "draft"}>
            Create as draft
          </Button>
          <span className="quiet data" role="status">
            {kept === "kept" && "What you write is kept in this browser."}
            {kept === "no-room" && "This browser has no room to keep what you write; do not close the page."}
          </span>
        </div>
      </ChangeForm>
    </form>
  );
}
