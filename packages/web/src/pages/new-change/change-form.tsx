import type { Problem } from "@change-mgmt/api/problem.ts";
import { checkDraft } from "@change-mgmt/domain/lifecycle/requests/draft.ts";
import { type FormInputs, isRequired, validateForm } from "@change-mgmt/domain/lifecycle/requests/form.ts";
import { matches } from "@change-mgmt/domain/process/conditions.ts";
import { gatherFacts, isFilled } from "@change-mgmt/domain/process/facts.ts";
import type { Facts, FormField, Process } from "@change-mgmt/domain/process/process.ts";
import { NativeSelect, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Artifact } from "../../data/types.ts";
import { conditionWords } from "../../ui/condition.ts";
import { ProblemNotice } from "../../ui/notices.tsx";
import { Section } from "../../ui/page.tsx";
import { artifactProblems } from "./artifact-drafts.ts";
import { ArtifactsInput } from "./artifacts-input.tsx";
import { Consequences } from "./consequences.tsx";
import { type Choices, FieldInput } from "./field-input.tsx";
import { useTries } from "./use-tries.ts";
import "./new-change.css";

/** What a form says: values by field id, and what the change carries. */
export interface Written {
  readonly values: Readonly<Record<string, unknown>>;
  readonly artifacts: readonly Artifact[];
}

/** The form of a process: only what this type needs, judged while it is filled in by the very rules that the server asks. */
export function ChangeForm(props: {
  readonly process: Process;
  readonly written: Written;
  readonly onChange: (written: Written) => void;
  readonly inputs: Required<Pick<FormInputs, "environments" | "componentTeams">>;
  readonly choices: Choices;
  /** Number of the change that is edited; left out for a new one. */
  readonly change?: string | undefined;
  /** Refusal of the last try. */
  readonly problem?: Problem | undefined;
  /** What was tried last: then everything it needs is said, not only what was touched. */
  readonly tried?: "draft" | "submit" | undefined;
  /** Above the first field. */
  readonly before?: ReactNode;
  /** Beside the process's own fields: the buttons. */
  readonly children: ReactNode;
}) {
  const { process, written, onChange, inputs, choices, problem, tried, children } = props;
  const { values, artifacts } = written;
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [settled, setSettled] = useState<Problem>();
  const [settledFields, setSettledFields] = useState<ReadonlySet<string>>(new Set());
  if (settled !== problem) {
    // A new answer of the server: everything it says stands until the field it is about is edited.
    setSettled(problem);
    setSettledFields(new Set());
  }
  const { tries, again } = useTries(artifacts, props.change);
  const said = { ...inputs, type: String(values.type ?? ""), fields: values, artifacts };
  const facts = gatherFacts(process, said);
  const measured = gatherFacts(process, { ...said, measured: { breaking: tries.rehearsed?.breaking === true } });
  const mine = problemsByField(process, written, inputs, tried === "draft" ? checkDraft : validateForm);
  const server = new Map(
    refusedParts(problem, "fields").filter(([id]) => !settledFields.has(id)) as [string, string][],
  );
  const errorOf = (id: string) => {
    const shown = (mine.get(id) ?? []).filter(
      ({ code }) => tried !== undefined || (touched.has(id) && (code !== "FIELD_REQUIRED" || !isFilled(values[id]))),
    );
    const words = [...new Set([...shown.map(({ message }) => message), ...(server.has(id) ? [server.get(id)!] : [])])];
    return words.length === 0 ? undefined : words.join(" ");
  };
  const put = (id: string, value: unknown) => {
    setSettledFields((before) => new Set(before).add(id));
    onChange({ values: withValue(values, id, value), artifacts });
  };
  const asked = process.form.fields.filter((field) => field.id !== "type" && matches(field.when ?? {}, facts));
  const spare = asked.filter((field) => isSpare(field, facts, values));
  const input = (field: FormField) => (
    <div key={field.id} className={isWide(field) ? "wide" : undefined}>
      <FieldInput
        field={field}
        id={fieldId(field.id)}
        value={values[field.id] ?? field.default}
        onChange={(value) => put(field.id, value)}
        onBlur={() => setTouched((before) => new Set(before).add(field.id))}
        error={errorOf(field.id)}
        required={isRequired(field, facts)}
        because={becauseOf(process, field, facts)}
        choices={choices}
      />
    </div>
  );
  const typeField = process.form.fields.find((field) => field.id === "type");
  const type = process.types.find(({ id }) => id === values.type);
  return (
    <Stack gap="md">
      <div className="form-columns">
        <Stack gap="md" style={{ minWidth: 0 }}>
          {props.before}
          <Section title="What changes">
            <div className="form-grid">
              <div className="wide">
                <NativeSelect
                  id={fieldId("type")}
                  label={typeField?.title ?? "Type"}
                  description={type?.description ?? typeField?.help}
                  required
                  value={String(values.type ?? "")}
                  data={process.types.map(({ id, title }) => ({ value: id, label: title }))}
                  onChange={(event) => put("type", event.currentTarget.value)}
                  error={errorOf("type")}
                />
              </div>
              {asked.filter((field) => !spare.includes(field)).map(input)}
            </div>
            {spare.length > 0 && (
              <details className="spare" {...(spare.some((field) => errorOf(field.id)) ? { open: true } : {})}>
                <summary>
                  Fields this change does not need: {spare.map((field) => field.title.toLowerCase()).join(", ")}
                </summary>
                <div className="form-grid">{spare.map(input)}</div>
              </details>
            )}
          </Section>
        </Stack>
        <Consequences
          process={process}
          facts={measured}
          said={facts.breaking === true}
          componentTeams={inputs.componentTeams}
        />
      </div>
      <Section title="What it carries" id={fieldId("artifacts")}>
        <ArtifactsInput
          artifacts={artifacts}
          onChange={(next) => onChange({ values, artifacts: next })}
          strict={tried !== undefined}
          tries={tries}
          onTry={again}
          refused={new Map(refusedParts(problem, "artifacts").map(([at, words]) => [Number(at.split("/")[0]), words]))}
        />
      </Section>
      {problem && <ProblemNotice problem={problem} />}
      {children}
    </Stack>
  );
}

/** What keeps the form from being sent, with the id of the control it is about; empty when nothing does. */
export function whatIsMissing(
  process: Process,
  written: Written,
  inputs: Required<Pick<FormInputs, "environments" | "componentTeams">>,
  as: "draft" | "submit",
): readonly { readonly id: string; readonly message: string }[] {
  const fields = problemsByField(process, written, inputs, as === "draft" ? checkDraft : validateForm);
  return [
    ...[...fields].flatMap(([id, problems]) => problems.map(({ message }) => ({ id: fieldId(id), message }))),
    ...written.artifacts.flatMap((artifact) =>
      [...artifactProblems(artifact).values()].map((message) => ({
        id: fieldId("artifacts"),
        message: `${artifact.name || artifact.id}: ${message}`,
      })),
    ),
  ];
}

/** The id of the control of a field, so that a problem can lead to it. */
export function fieldId(id: string): string {
  return `field-${id}`;
}

function problemsByField(
  process: Process,
  { values, artifacts }: Written,
  inputs: FormInputs,
  check: typeof validateForm,
): ReadonlyMap<string, readonly { code: string; message: string }[]> {
  const outcome = check(process, values, { ...inputs, artifacts });
  if (outcome.ok) return new Map();
  const byField = new Map<string, readonly { code: string; message: string }[]>();
  for (const { code, message, place } of outcome.refusal.problems ?? []) {
    const id = place?.pointer?.split("/")[2] ?? "title";
    byField.set(id, [...(byField.get(id) ?? []), { code, message }]);
  }
  return byField;
}

/** What the server said at parts of the request: `fields` by id, `artifacts` by place. */
function refusedParts(
  problem: Problem | undefined,
  part: "fields" | "artifacts",
): readonly (readonly [string, string])[] {
  const said = [
    ...(problem?.problems ?? []),
    ...(problem?.place ? [{ message: problem.detail, place: problem.place }] : []),
  ];
  return said.flatMap(({ message, place }) => {
    const at = place?.pointer?.split(`/${part}/`)[1];
    return at === undefined ? [] : [[at, message] as const];
  });
}

/** A field that only some changes must fill in, and this one is not among them and has not. */
function isSpare(field: FormField, facts: Facts, values: Written["values"]): boolean {
  return typeof field.required === "object" && !isRequired(field, facts) && !isFilled(values[field.id]);
}

function becauseOf(process: Process, field: FormField, facts: Facts): string | undefined {
  if (typeof field.required !== "object" || !isRequired(field, facts)) return undefined;
  return conditionWords(process, field.required).join(", ").replaceAll(": yes", "").toLowerCase();
}

function isWide(field: FormField): boolean {
  return !["choice", "number", "date", "boolean"].includes(field.kind);
}

function withValue(values: Written["values"], id: string, value: unknown): Written["values"] {
  const { [id]: _before, ...rest } = values;
  return value === null || value === undefined ? rest : { ...rest, [id]: value };
}
