import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { asking, problemOf, queryClient } from "../data/ask.ts";
import { call } from "../data/client.ts";
import { session, useSession } from "../data/session.ts";
import { preloadPages, router } from "../routes.tsx";
import { theme, variables } from "../ui/theme.ts";
import { SignIn, useLinkInAddress } from "./sign-in.tsx";

/** Milliseconds after which the first page has had the connection to itself. */
const PRELOAD_AFTER = 1500;

/** The whole app: signed in, the pages; else how to sign in. */
export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" />
        <Door />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Door() {
  const state = useSession();
  const link = useLinkInAddress();
  useEffect(() => {
    if (session.state !== "unknown") return;
    // The cookie cannot be seen from here: whoever it lets in is signed in.
    call("me").then(
      (me) => {
        queryClient.setQueryData(asking("me").queryKey, me);
        session.begin();
      },
      // Only the server's word ends a session. A question that was cut off, as by a page that is left at once, or that finds no
      // server, says nothing about it: the pages tell what they cannot read and read it again.
      (error: unknown) => (problemOf(error).status === 401 ? session.end() : session.begin()),
    );
  }, []);
  useEffect(() => {
    if (state !== "in") return;
    const timer = setTimeout(preloadPages, PRELOAD_AFTER);
    return () => clearTimeout(timer);
  }, [state]);
  if (link.state === "exchanging" || state === "unknown") return null;
  return state === "out" || link.state === "refused" ? <SignIn link={link} /> : <RouterProvider router={router} />;
}
