import {
  IconGitPullRequest,
  IconHome,
  IconRoute,
  IconServer2,
  IconSettings,
  IconShieldCheck,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { paths } from "../paths.ts";

/** A page that one can always go to. */
export interface NavigationEntry {
  readonly title: string;
  readonly href: string;
  readonly icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
  /** The letter that goes there after `g`. */
  readonly key: string;
  /** Further words by which the palette finds it. */
  readonly keywords: readonly string[];
}

/** The navigation, in its order. A page is listed once its module exists and its route is in routes.tsx. */
export const NAVIGATION: readonly NavigationEntry[] = [
  {
    title: "Overview",
    href: paths.overview(),
    icon: IconHome,
    key: "o",
    keywords: ["home", "start", "waits for me"],
  },
  {
    title: "Changes",
    href: paths.changes(),
    icon: IconGitPullRequest,
    key: "c",
    keywords: ["list", "requests"],
  },
  {
    title: "Boards",
    href: paths.boards(),
    icon: IconUsersGroup,
    key: "b",
    keywords: ["agenda", "meeting", "minutes", "votes", "committee"],
  },
  {
    title: "Environments",
    href: paths.environments(),
    icon: IconServer2,
    key: "e",
    keywords: ["databases", "schema", "drift", "baseline"],
  },
  {
    title: "People",
    href: paths.people(),
    icon: IconUsers,
    key: "u",
    keywords: ["users", "teams", "roles", "invite"],
  },
  {
    title: "Audit",
    href: paths.audit(),
    icon: IconShieldCheck,
    key: "a",
    keywords: ["trail", "log", "verify", "export"],
  },
  {
    title: "Process",
    href: paths.process(),
    icon: IconRoute,
    key: "p",
    keywords: ["workflow", "stages", "gates", "decision tables", "rules"],
  },
  {
    title: "Settings",
    href: paths.settings(),
    icon: IconSettings,
    key: "s",
    keywords: ["me", "tokens", "permissions", "appearance", "dark", "light"],
  },
];

/** The page that the name in the corner leads to, and a person sees after signing in. */
export const HOME = paths.overview();
