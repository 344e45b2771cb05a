import type { Problem } from "@change-mgmt/api/problem.ts";
import { Button, CloseButton, Group } from "@mantine/core";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { paths } from "../paths.ts";
import { Link } from "./link.tsx";
import { Told } from "./moment.tsx";

/** A refusal or failure in the server's own words: sentence, hint, each of its problems, code. Stands at the control it belongs to. */
export function ProblemNotice(props: {
  readonly problem: Problem;
  readonly again?: () => unknown;
  readonly close?: () => void;
}) {
  const { problem, again, close } = props;
  const deployment = problem.details?.deployment;
  return (
    <div className="notice state-stopped" role="alert">
      <Group gap={8} align="flex-start" wrap="nowrap">
        <IconAlertTriangle size={18} aria-hidden style={{ flex: "none", marginTop: 2 }} />
        <div style={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
          <strong>
            <Told text={problem.detail} />
          </strong>
          <p>
            <Told text={problem.hint} />
          </p>
          {problem.problems && problem.problems.length > 0 && (
            <ul>
              {problem.problems.map((one) => (
                <li key={`${one.code}${one.place?.pointer}${one.message}`}>
                  {one.message} {one.hint && <span className="quiet">{one.hint}</span>}
                </li>
              ))}
            </ul>
          )}
          <span className="mono quiet">{problem.code}</span>
          {typeof deployment === "string" && (
            <Link href={paths.deployment(deployment)} className="link beside-code">
              The deployment that has it
            </Link>
          )}
          {again && (
            <Button variant="default" size="compact-sm" ml="sm" onClick={() => again()}>
              Try again
            </Button>
          )}
        </div>
        {close && <CloseButton size="sm" aria-label="Dismiss" onClick={close} />}
      </Group>
    </div>
  );
}

/** Where nothing is: says so, why, and what one can do about it. */
export function Blank({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="blank">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** In place of what the person may not see, with what it takes. */
export function NotAllowed({ problem }: { readonly problem: Pick<Problem, "detail" | "hint"> }) {
  return (
    <div className="blank">
      <IconLock size={28} aria-hidden />
      <h2>{problem.detail}</h2>
      <p>{problem.hint}</p>
    </div>
  );
}
