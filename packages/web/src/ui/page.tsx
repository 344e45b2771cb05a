import type { Problem } from "@change-mgmt/api/problem.ts";
import { Group, Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { problemOf } from "../data/ask.ts";
import { Blank, NotAllowed, ProblemNotice } from "./notices.tsx";

/**
 * The shape of every page: title and one primary action; the answer; the details.
 *
 * ```tsx
 * export default function EnvironmentsPage() {
 *   const environments = useAsk("environments.list");
 *   return (
 *     <Page title="Environments" action={<ActButton …>Take a baseline</ActButton>} answer="All three are as they should be.">
 *       <Answer query={environments} loading={<LoadingLines lines={6} />}>
 *         {({ items }) => <Section title="Promotion order">…</Section>}
 *       </Answer>
 *     </Page>
 *   );
 * }
 * ```
 */
export function Page(props: {
  readonly title: string;
  /** Shown in place of the title's words, where it needs more than words. */
  readonly heading?: ReactNode;
  /** The one primary action. */
  readonly action?: ReactNode;
  /** The answer to the page's question, in a line or two. */
  readonly answer?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="page">
      <title>{`${props.title} · change-mgmt`}</title>
      <header className="page-head">
        <div style={{ minWidth: 0, flex: "1 1 320px" }}>
          <h1>{props.heading ?? props.title}</h1>
          {props.answer && <div>{props.answer}</div>}
        </div>
        {props.action}
      </header>
      {props.children}
    </div>
  );
}

/** A titled block of a page. `aside` stands at the right of its title: a count, a state, a small action. */
export function Section(props: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** False for content that reaches the edges, such as a table. */
  readonly padded?: boolean;
  readonly id?: string;
}) {
  return (
    <section className="section" aria-label={props.title} id={props.id}>
      <div className="section-head">
        <h2>{props.title}</h2>
        {props.aside}
      </div>
      <div className={props.padded === false ? undefined : "section-body"}>{props.children}</div>
    </section>
  );
}

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch?: () => unknown;
}

/**
 * What was asked of the server, in whichever of its four states: not there yet, refused, not allowed, or here.
 * What was read before stays on the page while it is read again, with the problem above it if that fails.
 */
export function Answer<T>(props: {
  readonly query: Asked<T>;
  /** Keeps the layout still until the answer is there. */
  readonly loading?: ReactNode;
  readonly children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = props.query;
  const problem = error ? problemOf(error) : undefined;
  if (data === undefined) {
    if (problem) return <WholeProblem problem={problem} {...(refetch ? { again: () => refetch() } : {})} />;
    return props.loading ?? <LoadingLines />;
  }
  return (
    <>
      {problem && <ProblemNotice problem={problem} {...(refetch ? { again: () => refetch() } : {})} />}
      {props.children(data)}
    </>
  );
}

/** A problem that is all there is to show: not allowed, not there, or anything else. */
export function WholeProblem({ problem, again }: { readonly problem: Problem; readonly again?: () => unknown }) {
  if (problem.status === 403) return <NotAllowed problem={problem} />;
  if (problem.status === 404) return <Blank title={problem.detail}>{problem.hint}</Blank>;
  return <ProblemNotice problem={problem} {...(again ? { again } : {})} />;
}

/** Grey lines where text will be. */
export function LoadingLines({ lines = 5, height = 18 }: { readonly lines?: number; readonly height?: number }) {
  const widths = ["92%", "78%", "85%", "64%", "88%", "71%"];
  return (
    <Stack gap={10} aria-busy="true" role="status">
      <span className="only-read">Loading</span>
      {Array.from({ length: lines }, (_, at) => (
        <Skeleton key={at} height={height} width={widths[at % widths.length]!} />
      ))}
    </Stack>
  );
}

/** Grey blocks where sections will be. */
export function LoadingSections({
  sections = 3,
  height = 160,
}: {
  readonly sections?: number;
  readonly height?: number;
}) {
  return (
    <Stack gap="md" aria-busy="true" role="status">
      <span className="only-read">Loading</span>
      {Array.from({ length: sections }, (_, at) => (
        <Skeleton key={at} height={height} />
      ))}
    </Stack>
  );
}

/** Buttons side by side, wrapping on a phone. */
export function Actions({ children }: { readonly children: ReactNode }) {
  return (
    <Group gap={8} align="flex-start">
      {children}
    </Group>
  );
}
