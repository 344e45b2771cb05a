import type { Problem } from "@change-mgmt/api/problem.ts";
import { Stack } from "@mantine/core";
import { useEffect, useState } from "react";
import { problemOf, queryClient } from "../data/ask.ts";
import { call } from "../data/client.ts";
import { session } from "../data/session.ts";
import { Code } from "../ui/code.tsx";
import { ProblemNotice } from "../ui/notices.tsx";

type LinkState =
  | { readonly state: "none" | "exchanging"; readonly problem?: undefined }
  | { readonly state: "refused"; readonly problem: Problem };

/** Takes a one-time code (`#sign-in=CODE`) out of the address and exchanges it for a token, also when one is signed in already. */
export function useLinkInAddress(): LinkState {
  const [state, setState] = useState<LinkState>({ state: codeInAddress() ? "exchanging" : "none" });
  useEffect(() => {
    const exchange = async () => {
      const code = codeInAddress();
      if (!code) return;
      history.replaceState(null, "", location.pathname + location.search);
      setState({ state: "exchanging" });
      try {
        session.end();
        const { secret } = await call("links.exchange", { body: { code } });
        queryClient.clear();
        session.begin(secret);
        setState({ state: "none" });
      } catch (error) {
        setState({ state: "refused", problem: problemOf(error) });
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

/** Shown to whoever is not signed in: what this is, and how to get in. */
export function SignIn({ problem }: { readonly problem?: Problem | undefined }) {
  const said = problem ?? session.ended;
  return (
    <main className="page" style={{ maxWidth: 640, paddingTop: "10vh" }}>
      <title>Sign in · change-mgmt</title>
      <Stack gap="md">
        <img src="/favicon.svg" alt="" width={40} height={40} />
        {said && <ProblemNotice problem={said} />}
        <h1 style={{ margin: 0, fontSize: "1.5rem" }}>Every change to your data, from request to rollback</h1>
        <p style={{ margin: 0 }}>
          Changes are requested, assessed, approved by somebody else, rehearsed, deployed step by step and, if need be,
          rolled back. Every act is kept in an audit trail that shows if anybody altered it.
        </p>
        <h2 style={{ margin: 0, fontSize: "1.0625rem" }}>Sign in</h2>
        <p style={{ margin: 0 }}>
          Open your one-time sign-in link. The terminal that started the server printed one; whoever administers it can
          make you another:
        </p>
        <Code label="Command that makes a link" text="change-mgmt link YOUR-HANDLE" />
      </Stack>
    </main>
  );
}
