import type { Problem } from "@change-mgmt/api/problem.ts";
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { problemOf, queryClient } from "../data/ask.ts";
import { call } from "../data/client.ts";
import { session } from "../data/session.ts";
import { Code } from "../ui/code.tsx";
import { ProblemNotice } from "../ui/notices.tsx";
import { SamplePeople, useSample } from "./sample.tsx";

export type LinkState =
  | { readonly state: "none" | "exchanging" }
  /** The link is good, and its person has a second factor as well. */
  | { readonly state: "refused"; readonly problem: Problem; readonly code: string };

/** Takes a one-time code (`#sign-in=CODE`) out of the address and signs in with it, also when somebody is signed in already. */
export function useLinkInAddress(): LinkState {
  const [state, setState] = useState<LinkState>({ state: codeInAddress() ? "exchanging" : "none" });
  useEffect(() => {
    const exchange = async () => {
      const code = codeInAddress();
      if (!code) return;
      history.replaceState(null, "", location.pathname + location.search);
      setState({ state: "exchanging" });
      try {
        await begin({ link: code });
        setState({ state: "none" });
      } catch (error) {
        setState({ state: "refused", problem: problemOf(error), code });
      }
    };
    exchange();
    addEventListener("hashchange", exchange);
    return () => removeEventListener("hashchange", exchange);
  }, []);
  return state;
}

function codeInAddress(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get("sign-in");
}

type Proof = { link: string; factor?: string } | { login: string; password: string; factor?: string };

async function begin(proof: Proof): Promise<void> {
  await call("session.begin", { body: proof });
  queryClient.clear();
  session.begin();
}

function asksForFactor(problem: Problem | undefined): boolean {
  return problem?.code === "FACTOR_REQUIRED" || problem?.code === "FACTOR_WRONG";
}

/** Shown to whoever is not signed in: what this is, and how to get in. */
export function SignIn({ link }: { readonly link: LinkState }) {
  const { data: sample, isPending } = useSample();
  const asked = link.state === "refused" ? link : undefined;
  const [problem, setProblem] = useState<Problem | undefined>(asked?.problem ?? session.ended);
  const [busy, setBusy] = useState(false);
  const [factorAsked, setFactorAsked] = useState(asksForFactor(asked?.problem));
  const withLink = factorAsked && asked !== undefined;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string) => String(given.get(name) ?? "");
    const factor = text("factor") ? { factor: text("factor") } : {};
    setBusy(true);
    try {
      await begin(
        withLink ? { link: asked.code, ...factor } : { login: text("login"), password: text("password"), ...factor },
      );
      if (asked) location.reload();
    } catch (error) {
      const refused = problemOf(error);
      setProblem(refused);
      // Once asked for it stays: after a wrong code the refusal does not say which part was wrong.
      setFactorAsked((before) => before || asksForFactor(refused));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="page" style={{ maxWidth: 640, paddingTop: "8vh" }}>
      <title>Sign in · change-mgmt</title>
      <Stack gap="md">
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1 style={{ margin: 0, fontSize: "1.5rem" }}>Every change to your data, from request to rollback</h1>
        <p style={{ margin: 0 }}>
          Changes are requested, assessed, approved by somebody else, rehearsed, deployed step by step and, if need be,
          rolled back. Every act is kept in an audit trail that shows if anybody altered it.
        </p>
        {/* Whether people are offered to sign in as is known first, so that the form does not move away from who writes into it. */}
        {isPending ? null : (
          <>
            {sample && sample.people.length > 0 && !factorAsked && (
              <section aria-labelledby="sign-in-as">
                <h2 id="sign-in-as" style={{ margin: 0, fontSize: "1.0625rem" }}>
                  Sign in as…
                </h2>
                <p style={{ margin: "4px 0 8px" }}>
                  This is a sample workspace on your own machine: look at it through the eyes of any of its people.
                  {sample.state === "making" &&
                    ` Its changes are being made at this moment, ${sample.made} of ${sample.inAll} so far.`}
                </p>
                <SamplePeople people={sample.people} />
              </section>
            )}
            <h2 style={{ margin: 0, fontSize: "1.0625rem" }}>Sign in</h2>
            {problem && <ProblemNotice problem={problem} />}
            <form onSubmit={submit} aria-label="Sign in">
              <Stack gap="sm" style={{ maxWidth: 360 }}>
                {!withLink && (
                  <>
                    <TextInput name="login" label="Handle or e-mail" autoComplete="username" required />
                    <PasswordInput
                      name="password"
                      label="Password"
                      autoComplete="current-password"
                      visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
                      required
                    />
                  </>
                )}
                {factorAsked && (
                  <TextInput
                    name="factor"
                    label="Code of your second factor"
                    description="Six digits from your app, or a recovery code"
                    autoComplete="one-time-code"
                    inputMode="text"
                    required
                    autoFocus
                  />
                )}
                <Button type="submit" loading={busy}>
                  Sign in
                </Button>
              </Stack>
            </form>
            <p style={{ margin: 0 }}>
              No password yet? Open your one-time sign-in link, then set one under Settings. The terminal that started
              the server printed a link; whoever administers it can make you another:
            </p>
            <Code label="Command that makes a link" text="change-mgmt link YOUR-HANDLE" />
          </>
        )}
      </Stack>
    </main>
  );
}
