import { Button, Checkbox, Group, Modal, Select, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../data/ask.ts";
import type { Change } from "../../data/types.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { ProblemNotice } from "../../ui/notices.tsx";

interface DialogProps {
  readonly change: Change;
  readonly opened: boolean;
  readonly close: () => void;
}

const TEXTS = {
  cancel: {
    title: "Cancel the change",
    verb: "Cancel the change",
    does: "The change is over for good; what is deployed stays deployed.",
    undo: "there is no way back; make a further change.",
    label: "Why",
    needed: true,
  },
  rework: {
    title: "Take the change back to work",
    verb: "Take it back",
    does: "The change goes back to the stage where it is worked on; votes for an older content count no more.",
    undo: "complete its steps and ask for approval again.",
    label: "Why",
    needed: true,
  },
  close: {
    title: "Close the change",
    verb: "Close the change",
    does: "The change is over. Nothing is owed any more.",
    undo: "there is no way back; make a further change.",
    label: "Summary (optional)",
    needed: false,
  },
} as const;

/** Asks before a change is cancelled, taken back to work or closed, with what is to be said of it. */
export function ReasonDialog({ change, opened, close, act }: DialogProps & { readonly act: keyof typeof TEXTS }) {
  const asked = { cancel: useAct("changes.cancel"), rework: useAct("changes.rework"), close: useAct("changes.close") };
  const [text, setText] = useState("");
  const words = TEXTS[act];
  const confirm = async () => {
    const said = text.trim();
    const params = { id: change.number };
    const answer =
      act === "close"
        ? await asked.close.run({ params, body: said ? { summary: said } : {} })
        : await asked[act].run({ params, body: { reason: said } });
    if (answer) setText("");
    return answer !== undefined;
  };
  return (
    <Confirm
      opened={opened}
      onClose={() => {
        asked[act].reset();
        close();
      }}
      title={`${words.title}: ${change.number}`}
      does={words.does}
      undo={words.undo}
      verb={words.verb}
      blocked={words.needed && text.trim() === ""}
      pending={asked[act].pending}
      problem={asked[act].problem}
      onConfirm={confirm}
    >
      <Textarea
        label={words.label}
        required={words.needed}
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </Confirm>
  );
}

/** The form of the impact analysis. */
export function AssessDialog({ change, opened, close }: DialogProps) {
  const assess = useAct("changes.assess");
  const before = change.assessment;
  const [impact, setImpact] = useState(before?.impact ?? "");
  const [complexity, setComplexity] = useState<string | null>(before?.complexity ?? null);
  const [breaking, setBreaking] = useState(before?.breaking ?? change.breaking);
  return (
    <Modal opened={opened} onClose={close} size="lg" title={<strong>{`Impact analysis of ${change.number}`}</strong>}>
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          const level = complexity as "low" | "medium" | "high" | null;
          const answer = await assess.run({
            params: { id: change.number },
            body: { impact: impact.trim(), breaking, ...(level ? { complexity: level } : {}) },
          });
          if (answer) close();
        }}
      >
        <Stack gap="sm">
          <Textarea
            label="What it touches, and what may break"
            required
            autosize
            minRows={4}
            value={impact}
            onChange={(event) => setImpact(event.currentTarget.value)}
            data-autofocus
          />
          <Select
            label="Complexity"
            placeholder="As the facts say"
            data={["low", "medium", "high"]}
            value={complexity}
            onChange={setComplexity}
            clearable
          />
          <Checkbox
            label="Breaking: something that works now will not work any more"
            description="May be raised here; what the rehearsal found to be breaking stays so."
            checked={breaking}
            onChange={(event) => setBreaking(event.currentTarget.checked)}
          />
          {assess.problem && <ProblemNotice problem={assess.problem} />}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={assess.pending} disabled={impact.trim() === ""}>
              Save the analysis
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
