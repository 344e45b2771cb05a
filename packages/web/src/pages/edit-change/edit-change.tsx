import { Button, Group, NativeSelect, Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useAct, useAsk } from "../../data/ask.ts";
import type { Change } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Ago } from "../../ui/ago.tsx";
import { Link, useGo } from "../../ui/link.tsx";
import { NotAllowed } from "../../ui/notices.tsx";
import { Answer, LoadingSections, Page } from "../../ui/page.tsx";
import { ChangeForm, type Written, whatIsMissing } from "../new-change/change-form.tsx";
import { type Ground, WithGround } from "../new-change/ground.tsx";
import { draftKey, dropDraft, keepDraft, readDraft } from "../new-change/kept-draft.ts";
import { Missing } from "../new-change/missing.tsx";
import { sendable } from "../new-change/sendable.ts";
import { changedFields, newerParts, same, takenOver } from "./differences.ts";
import { Newer } from "./newer.tsx";

const route = getRouteApi("/changes/$number/edit");

/** What must the change say instead? */
export default function EditChangePage() {
  const { number } = route.useParams();
  const change = useAsk("changes.get", { params: { id: number } });
  return (
    <Page
      title={`Edit ${number}`}
      heading={
        <>
          Edit <Link href={paths.change(number)}>{number}</Link>
        </>
      }
      answer={change.data && <span className="quiet">{change.data.title}</span>}
    >
      <Answer query={change} loading={<LoadingSections sections={2} height={260} />}>
        {(data) => {
          const act = data.acts.find(({ act: name }) => name === "edit");
          return act?.allowed === false ? (
            <NotAllowed problem={{ detail: act.reason ?? "It cannot be edited.", hint: act.hint ?? "" }} />
          ) : (
            // A draft goes by the version in force, as its submission will; everything else by the one it was submitted under.
            <WithGround process={data.process} version={data.status === "draft" ? undefined : data.processHash}>
              {(ground) => <Form key={data.id} change={data} ground={ground} refetch={change.refetch} />}
            </WithGround>
          );
        }}
      </Answer>
    </Page>
  );
}

interface Base extends Written {
  readonly version: number;
  readonly assignee: string | null;
}

function Form(props: { readonly change: Change; readonly ground: Ground; readonly refetch: () => Promise<unknown> }) {
  const { change, ground, refetch } = props;
  const { process, processHash, choices, handle } = ground;
  // A change in flight goes by the environments it was made for.
  const inputs = { ...ground.inputs, environments: change.environments.map(({ environment }) => environment) };
  const go = useGo();
  const edit = useAct("changes.edit");
  const submit = useAct("changes.submit");
  const key = draftKey(handle, change.number);
  const [base, setBase] = useState<Base>(() => baseOf(change));
  const [restored, setRestored] = useState(() => {
    const kept = readDraft(key);
    return kept?.version === change.version ? kept : undefined;
  });
  const [written, setWritten] = useState<Written>(() => restored ?? { values: base.values, artifacts: base.artifacts });
  const [assignee, setAssignee] = useState(change.assignee);
  const [tried, setTried] = useState<"draft" | "submit">();
  const sent = useRef(false);
  const fields = changedFields(base.values, written.values);
  const artifactsChanged = !same(base.artifacts, written.artifacts);
  const changed = fields !== undefined || artifactsChanged;
  const newer = change.version > base.version ? newerParts(process, base, baseOf(change), written) : [];
  // A newer version that says the same here (a vote, a step) is nothing to ask about.
  if (change.version > base.version && newer.length === 0) setBase(baseOf(change));

  useEffect(() => {
    const timer = setTimeout(() => {
      if (!changed || sent.current) dropDraft(key);
      else keepDraft(key, { ...written, process: process.name, version: base.version, at: new Date().toISOString() });
    }, 400);
    return () => clearTimeout(timer);
  }, [changed, written, key, process.name, base.version]);

  const isDraft = change.status === "draft";
  const missing = whatIsMissing(process, written, inputs, tried ?? (isDraft ? "draft" : "submit"));
  const save = async (thenSubmit: boolean) => {
    const as = isDraft && !thenSubmit ? "draft" : "submit";
    setTried(as);
    submit.reset();
    const open = whatIsMissing(process, written, inputs, as);
    if (open.length > 0) {
      document.getElementById(open[0]!.id)?.focus();
      return;
    }
    if (changed || assignee !== base.assignee) {
      const saved = await edit.run({
        params: { id: change.number },
        ifMatch: base.version,
        body: {
          ...(fields ? { fields } : {}),
          ...(artifactsChanged ? { artifacts: sendable(process, written).artifacts } : {}),
          ...(assignee === base.assignee ? {} : { assignee }),
        },
      });
      if (saved === undefined) {
        await refetch();
        return;
      }
      setBase(baseOf(saved));
    }
    sent.current = true;
    dropDraft(key);
    if (thenSubmit && (await submit.run({ params: { id: change.number }, body: {} })) === undefined) return;
    go(paths.change(change.number));
  };
  const voided = change.votes.filter((vote) => vote.withdrawn === undefined && vote.contentHash === change.contentHash);
  const submitAct = change.acts.find(({ act }) => act === "submit");
  const problem = newer.length > 0 ? undefined : (edit.problem ?? submit.problem);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save(false);
      }}
    >
      <ChangeForm
        process={process}
        written={written}
        onChange={setWritten}
        inputs={inputs}
        choices={choices}
        change={change.number}
        problem={problem}
        tried={tried}
        before={
          <Stack gap="sm">
            {newer.length > 0 && (
              <Newer
                number={change.number}
                parts={newer}
                onTakeOver={() => {
                  setWritten(takenOver(base, baseOf(change), written));
                  setBase(baseOf(change));
                  edit.reset();
                }}
                onDropMine={() => {
                  setWritten(baseOf(change));
                  setBase(baseOf(change));
                  edit.reset();
                }}
              />
            )}
            {restored && newer.length === 0 && (
              <div className="notice state-running" role="status">
                <strong>
                  Restored what you wrote <Ago at={restored.at} /> and did not save.
                </strong>
                <Group gap={8} mt={6}>
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      setWritten({ values: base.values, artifacts: base.artifacts });
                      setRestored(undefined);
                    }}
                  >
                    Back to what is saved
                  </Button>
                </Group>
              </div>
            )}
            {processHash !== change.processHash && (
              <div className="notice state-attention">
                <strong>The process has another version than when this draft was last saved.</strong>
                <p>
                  The form shown is today's, and the draft takes it up when it is saved.{" "}
                  <Link href={paths.process(change.process, change.processHash)}>
                    Process version {change.processVersion}
                  </Link>
                </p>
              </div>
            )}
            {changed && voided.length > 0 && (
              <div className="notice state-attention" role="status">
                <strong>Saving voids what was voted on: {voided.map((vote) => vote.voter).join(", ")}.</strong>
                <p>Votes are given on what the change says; when it says something else they are asked for again.</p>
              </div>
            )}
          </Stack>
        }
      >
        <NativeSelect
          label="Assignee"
          description="Who works on it."
          value={assignee ?? ""}
          data={[{ value: "", label: "Nobody in particular" }, ...choices.people]}
          onChange={(event) => setAssignee(event.currentTarget.value || null)}
          maw={420}
        />
        {tried && <Missing missing={missing} to={tried === "draft" ? "save" : isDraft ? "submit" : "save"} />}
        <div className="form-foot">
          <ActButton
            permit={
              newer.length > 0
                ? { allowed: false, reason: "There is a newer version.", hint: "Take it over first." }
                : changed || assignee !== base.assignee
                  ? { allowed: true }
                  : { allowed: false, reason: "Nothing is changed yet." }
            }
            onClick={() => save(false)}
            loading={edit.pending}
          >
            Save
          </ActButton>
          {isDraft && submitAct && (
            <Button variant="default" onClick={() => save(true)} loading={submit.pending} disabled={newer.length > 0}>
              Save and submit
            </Button>
          )}
          <Link href={paths.change(change.number)}>Back without saving</Link>
        </div>
      </ChangeForm>
    </form>
  );
}

function baseOf({ fields, artifacts, version, assignee }: Change): Base {
  return { values: fields, artifacts, version, assignee };
}
