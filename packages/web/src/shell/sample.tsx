import type { CallOutput } from "@change-mgmt/api/client.ts";
import type { Problem } from "@change-mgmt/api/problem.ts";
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asking, problemOf, queryClient } from "../data/ask.ts";
import { call } from "../data/client.ts";
import { session } from "../data/session.ts";
import { ProblemNotice } from "../ui/notices.tsx";
import "./sample.css";

type Sample = CallOutput<"sample.get">;

/** The sample workspace as it is; read again while it is being made. */
export function useSample() {
  return useQuery({
    ...asking("sample.get"),
    refetchInterval: ({ state: { data } }) => (data?.state === "making" ? 3000 : false),
  });
}

/** One button for each person of the sample: who they are, and what waits for them. */
export function SamplePeople({ people, onDone }: { readonly people: Sample["people"]; readonly onDone?: () => void }) {
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const signIn = async (user: string) => {
    setBusy(user);
    try {
      await call("sample.signIn", { body: { user } });
      queryClient.clear();
      session.begin();
      onDone?.();
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <>
      {problem && <ProblemNotice problem={problem} />}
      <ul className="sample-people" aria-label="Sign in as">
        {people.map(({ handle, name, roles, teams, waiting, first }) => (
          <li key={handle}>
            <button type="button" disabled={busy !== undefined} onClick={() => signIn(handle)}>
              <span className="sample-who">
                <strong>{name}</strong>
                <span className="quiet">{[roles.join(", "), ...teams].join(" · ")}</span>
              </span>
              <span className="sample-waiting">
                {first === null ? "nothing waits" : first}
                {waiting > 1 && <span className="quiet"> and {waiting - 1} more</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Lets one look at the workspace as another of its sample people. */
export function SwitchPerson({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { data } = useSample();
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>Switch to another sample person</strong>} size="lg">
      <p style={{ marginTop: 0 }}>
        You are signed out here and go on as them. An administrator comes back with a link:{" "}
        <code>change-mgmt link admin</code>
      </p>
      <SamplePeople
        people={data?.people ?? []}
        onDone={() => {
          onClose();
        }}
      />
    </Modal>
  );
}

/** Tells how far the sample is while it is being made. */
export function SampleProgress() {
  const { data } = useSample();
  if (data?.state !== "making") return null;
  return (
    <p className="sample-progress" role="status">
      The sample is being made by the ordinary commands: {data.made} of {data.inAll} changes. You can look around
      meanwhile.
    </p>
  );
}
