import type { Problem } from "@change-mgmt/api/problem.ts";
import { Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { problemOf } from "../../data/ask.ts";
import { call } from "../../data/client.ts";
import { download } from "../../data/download.ts";
import { permitOf } from "../../data/permit.ts";
import type { Me } from "../../data/types.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";
import { StateBadge } from "../../ui/state.tsx";

type Verdict = Awaited<ReturnType<typeof call<"audit.verify">>>;

/** Lets the server verify its trail and shows the verdict; hands out the export and the checkpoint that prove more elsewhere. */
export function Verification({ me }: { readonly me: Me | undefined }) {
  const [verdict, setVerdict] = useState<Verdict>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState<"verify" | "export" | "checkpoint">();
  const read = permitOf(me, "audit.read");
  const run = async (what: "verify" | "export" | "checkpoint", work: () => Promise<void>) => {
    setBusy(what);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <Group gap={8} align="flex-start">
      <ActButton
        permit={read}
        loading={busy === "verify"}
        onClick={() => run("verify", async () => setVerdict(await call("audit.verify")))}
      >
        Verify the trail
      </ActButton>
      <ActButton
        permit={permitOf(me, "audit.export")}
        variant="default"
        loading={busy === "export"}
        onClick={() => run("export", () => download("audit.export", "audit.jsonl"))}
      >
        Export
      </ActButton>
      <ActButton
        permit={read}
        variant="default"
        loading={busy === "checkpoint"}
        onClick={() => run("checkpoint", () => download("audit.checkpoint", "audit-checkpoint.json"))}
      >
        Checkpoint
      </ActButton>
      <Modal
        opened={verdict !== undefined || problem !== undefined}
        onClose={() => {
          setVerdict(undefined);
          setProblem(undefined);
        }}
        title={<strong>{problem ? "That did not work" : "What the verification found"}</strong>}
        size="lg"
      >
        {problem && <ProblemNotice problem={problem} />}
        {verdict && <VerdictWords verdict={verdict} />}
      </Modal>
    </Group>
  );
}

function VerdictWords({ verdict }: { readonly verdict: Verdict }) {
  const { ok, count, message, code, hint, place, head, root, sealedAt, keyId, signature } = verdict as Verdict & {
    hint?: string;
    place?: unknown;
    head?: string;
    root?: string;
    sealedAt?: string;
    keyId?: string;
    signature?: string;
  };
  return (
    <Stack gap="sm">
      {ok ? (
        <div>
          <StateBadge state="passed" words="unbroken and whole" /> {count} entries; each one, their order and the last
          one are as they were sealed.
        </div>
      ) : (
        <div className="notice state-stopped" role="alert">
          <strong>{message}</strong>
          <p>{hint}</p>
          {place !== undefined && <span className="mono">{JSON.stringify(place)} </span>}
          <span className="mono quiet">{code}</span>
        </div>
      )}
      <dl className="data pairs">
        {Object.entries({ Head: head, "Merkle root": root, Sealed: sealedAt, Key: keyId, Signature: signature })
          .filter(([, value]) => value)
          .map(([title, value]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
      </dl>
      <p className="quiet data" style={{ margin: 0 }}>
        This is the server's word on itself. An export verified on another machine proves more:{" "}
        <span className="mono">change-mgmt audit verify FILE</span>; held against a checkpoint kept elsewhere it also
        shows whether the end was cut off.
      </p>
    </Stack>
  );
}
