import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { queryClient } from "../data/ask.ts";
import { useToken } from "../data/session.ts";
import { router } from "../routes.tsx";
import { theme, variables } from "../ui/theme.ts";
import { SignIn, useLinkInAddress } from "./sign-in.tsx";

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
  const token = useToken();
  const link = useLinkInAddress();
  if (link.state === "exchanging") return null;
  return token === null || link.state === "refused" ? (
    <SignIn problem={link.problem} />
  ) : (
    <RouterProvider router={router} />
  );
}
