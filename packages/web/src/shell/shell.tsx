import { ActionIcon, AppShell, Burger, Button, Group, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconPlugConnectedX,
  IconSearch,
  IconSun,
  IconUserCircle,
  IconUsers,
} from "@tabler/icons-react";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { queryClient, useAsk } from "../data/ask.ts";
import { call } from "../data/client.ts";
import { useLiveUpdates } from "../data/live.ts";
import { session, useSession } from "../data/session.ts";
import { Link } from "../ui/link.tsx";
import { ProblemNotice } from "../ui/notices.tsx";
import { Held } from "./held.tsx";
import { useKeptFocus } from "./kept-focus.ts";
import { HOME, NAVIGATION } from "./navigation.ts";
import { openPalette, Palette } from "./palette.tsx";
import { SwitchPerson, useSample } from "./sample.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { ShortcutsHelp } from "./shortcuts-help.tsx";
import "./shell.css";

/** What is around every page: navigation, who is signed in, whether the page is live; keyboard shortcuts and the palette. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const firstPage = useRef(true);
  const [helpOpened, help] = useDisclosure(false);
  useShortcuts(help.open);
  useKeptFocus();
  useEffect(() => {
    close();
    if (!firstPage.current) main.current?.focus({ preventScroll: true });
    firstPage.current = false;
  }, [pathname]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !opened } }}
      transitionDuration={0}
    >
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" gap="sm" wrap="nowrap">
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label="Navigation"
            aria-expanded={opened}
          />
          <Link href={HOME} className="brand">
            <img src="/favicon.svg" alt="" width={26} height={26} />
            <span>change-mgmt</span>
          </Link>
          <div style={{ flex: 1 }} />
          <Connection />
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconSearch size={15} aria-hidden />}
            onClick={openPalette}
            visibleFrom="sm"
          >
            Go to… <kbd className="key">Ctrl K</kbd>
          </Button>
          <ActionIcon
            variant="subtle"
            size="lg"
            aria-label="Go to a page or change"
            onClick={openPalette}
            hiddenFrom="sm"
          >
            <IconSearch size={20} aria-hidden />
          </ActionIcon>
          <Person />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        {NAVIGATION.map(({ title, href, icon: Icon, key }) => (
          <Link
            key={href}
            href={href}
            className="nav-link"
            onClick={close}
            {...(isWithin(pathname, href) ? { "aria-current": "page" as const } : {})}
          >
            <Icon size={18} aria-hidden />
            <span style={{ flex: 1 }}>{title}</span>
            <span className="nav-key" aria-hidden>
              <kbd className="key">g</kbd> <kbd className="key">{key}</kbd>
            </span>
          </Link>
        ))}
        <div style={{ flex: 1 }} />
        <a className="nav-link quiet" href="/api/docs">
          HTTP interface
        </a>
        <a className="nav-link quiet" href="/docs/errors">
          About errors
        </a>
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1}>
        <Held />
        <Outlet />
      </AppShell.Main>
      <Palette openHelp={help.open} />
      <ShortcutsHelp opened={helpOpened} close={help.close} />
    </AppShell>
  );
}

function isWithin(pathname: string, href: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}

/** Says when the page does not hear of changes any more, and when it does again. */
function Connection() {
  const state = useLiveUpdates(useSession() === "in");
  return (
    <div role="status">
      {state === "lost" ? (
        <span className="state state-stopped">
          <IconPlugConnectedX size={15} aria-hidden />
          <span>
            <span className="wide-only">Connection </span>lost<span className="wide-only">, trying again</span>
          </span>
        </span>
      ) : (
        <span className="only-read">{state === "live" ? "Live" : ""}</span>
      )}
    </div>
  );
}

const SCHEMES = [
  ["auto", "As the system", IconDeviceDesktop],
  ["light", "Light", IconSun],
  ["dark", "Dark", IconMoon],
] as const;

function Person() {
  const { data: me, error } = useAsk("me");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { data: sample } = useSample();
  const [switching, { open: openSwitch, close: closeSwitch }] = useDisclosure(false);
  const signOut = async () => {
    try {
      await call("session.end");
    } finally {
      session.end();
      queryClient.clear();
    }
  };
  return (
    <>
      <Menu position="bottom-end" width={240} withinPortal>
        <Menu.Target>
          <Tooltip label={me ? `${me.name}: ${me.roles.join(", ")}` : "You"}>
            <Button variant="subtle" size="compact-md" px={6} leftSection={<IconUserCircle size={20} aria-hidden />}>
              <span className="only-read">You: </span>
              <span className="person-name">{me?.handle ?? "…"}</span>
            </Button>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {me && (
            <Menu.Label>
              {me.name}
              <br />
              {me.roles.join(", ")}
              {me.teams.length > 0 && ` · ${me.teams.join(", ")}`}
            </Menu.Label>
          )}
          {error && <ProblemNotice problem={{ ...unknownPerson, detail: error.message }} />}
          <Menu.Divider />
          <Menu.Label>Appearance</Menu.Label>
          {SCHEMES.map(([scheme, title, Icon]) => (
            <Menu.Item
              key={scheme}
              role="menuitemradio"
              aria-checked={colorScheme === scheme}
              leftSection={<Icon size={16} aria-hidden />}
              rightSection={colorScheme === scheme ? "✓" : undefined}
              onClick={() => setColorScheme(scheme)}
              closeMenuOnClick={false}
            >
              {title}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {sample?.signIn && (
            <Menu.Item leftSection={<IconUsers size={16} aria-hidden />} onClick={openSwitch}>
              Switch person…
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {sample?.signIn && <SwitchPerson opened={switching} onClose={closeSwitch} />}
    </>
  );
}

const unknownPerson = {
  type: "about:blank",
  title: "Unknown",
  status: 0,
  code: "UNREACHABLE",
  hint: "Who you are could not be read.",
};
