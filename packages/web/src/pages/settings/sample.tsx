import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { refreshChange, refreshRooms, useAct } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { Me } from "../../data/types.ts";
import { useSample } from "../../shell/sample.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { Section } from "../../ui/page.tsx";

/** Removes the sample workspace, for administrators, once they have written it out. */
export function SampleWorkspace({ me }: { readonly me: Me }) {
  const { data } = useSample();
  const remove = useAct("sample.remove");
  const [opened, { open, close }] = useDisclosure(false);
  if (!permitOf(me, "sample.manage").allowed || data === undefined) return null;
  if (data.state === "none" || data.state === "removed") return null;
  return (
    <Section title="Sample workspace">
      <p style={{ marginTop: 0 }}>
        What you see here was made as a sample, by the ordinary commands. Remove it to begin with a workspace of your
        own.
      </p>
      <Button variant="default" onClick={open}>
        Remove the sample…
      </Button>
      <Confirm
        opened={opened}
        onClose={close}
        title="Remove the sample workspace"
        does="Removes its changes, people, teams, databases and configuration, and ends the sessions of its people. Deployments that run are stopped first. The audit trail stays, and you stay."
        undo={
          <>
            nothing brings it back; <code>change-mgmt sample make</code> makes a new one.
          </>
        }
        verb="Remove the sample"
        typed="sample"
        pending={remove.pending}
        problem={remove.problem}
        onConfirm={async () => {
          const removed = await remove.run({ body: {} });
          if (removed === undefined) return false;
          await refreshChange(undefined);
          await refreshRooms(["users", "teams", "config", "sample"]);
          return true;
        }}
      />
    </Section>
  );
}
