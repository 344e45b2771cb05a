import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { problemOf } from "./data/ask.ts";
import { serverAnswers, unreachable } from "./data/client.ts";
import { searchReader } from "./paths.ts";
import { Shell } from "./shell/shell.tsx";
import { Link } from "./ui/link.tsx";
import { Blank } from "./ui/notices.tsx";
import { LoadingSections, Page, WholeProblem } from "./ui/page.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NothingHere });

/**
 * A page whose code is loaded when it is first opened. Where that fails because the server is away, the page says so; where it fails
 * because the server has other pages by now, the router loads everything anew.
 */
function page(load: () => Promise<{ default: ComponentType }>) {
  return lazyRouteComponent(() =>
    load().catch(async (error: unknown) => {
      throw (await serverAnswers()) ? error : unreachable();
    }),
  );
}

/*
 * A route for each page that exists. A page is the default export of its module under pages/ and is loaded when it is first
 * opened. It reads its address with `getRouteApi("/changes").useSearch()` and `.useParams()`; filters it may have in the address
 * are named here with `searchReader`. A page that has a place in the navigation is listed in shell/navigation.ts as well.
 */
const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: page(() => import("./pages/overview/overview.tsx")),
});

const changes = createRoute({
  getParentRoute: () => root,
  path: "/changes",
  validateSearch: searchReader(
    "status",
    "type",
    "team",
    "component",
    "requester",
    "active",
    "assignee",
    "q",
    "order",
    "view",
    "columns",
  ),
  component: page(() => import("./pages/changes/changes.tsx")),
});

const change = createRoute({
  getParentRoute: () => root,
  path: "/changes/$number",
  component: page(() => import("./pages/change/change.tsx")),
});

const newChange = createRoute({
  getParentRoute: () => root,
  path: "/changes/new",
  validateSearch: searchReader("process", "type"),
  component: page(() => import("./pages/new-change/new-change.tsx")),
});

const editChange = createRoute({
  getParentRoute: () => root,
  path: "/changes/$number/edit",
  component: page(() => import("./pages/edit-change/edit-change.tsx")),
});

const deployment = createRoute({
  getParentRoute: () => root,
  path: "/deployments/$id",
  component: page(() => import("./pages/deployment/deployment.tsx")),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: searchReader("change", "user", "event", "from", "to"),
  component: page(() => import("./pages/audit/audit.tsx")),
});

const process = createRoute({
  getParentRoute: () => root,
  path: "/process/{-$name}",
  validateSearch: searchReader("version"),
  component: page(() => import("./pages/process/process.tsx")),
});

const compareProcess = createRoute({
  getParentRoute: () => root,
  path: "/process/$name/compare",
  validateSearch: searchReader("before", "after"),
  component: page(() => import("./pages/process/compare.tsx")),
});

const boards = createRoute({
  getParentRoute: () => root,
  path: "/boards/{-$process}/{-$board}",
  component: page(() => import("./pages/boards/boards.tsx")),
});

const environments = createRoute({
  getParentRoute: () => root,
  path: "/environments",
  component: page(() => import("./pages/environments/environments.tsx")),
});

const people = createRoute({
  getParentRoute: () => root,
  path: "/people",
  validateSearch: searchReader("person", "add"),
  component: page(() => import("./pages/people/people.tsx")),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: page(() => import("./pages/settings/settings.tsx")),
});

const routeTree = root.addChildren([
  overview,
  changes,
  change,
  newChange,
  editChange,
  deployment,
  boards,
  environments,
  people,
  audit,
  process,
  compareProcess,
  settings,
]);

/** The router of the app. Search parts of addresses are plain texts, so that people can read and write them. */
export const router = createRouter({
  routeTree,
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === "string");
    return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  },
  scrollRestoration: true,
  defaultPendingMs: 150,
  defaultPendingComponent: () => (
    <div className="page">
      <LoadingSections />
    </div>
  ),
  defaultErrorComponent: ({ error, reset }) => (
    <Page title="This page could not be opened">
      <WholeProblem
        problem={problemOf(error)}
        again={async () => {
          await router.invalidate();
          reset();
        }}
      />
    </Page>
  ),
});

/** Loads the code of every page, so that going to one needs nothing but its answers. For when there is nothing else to do. */
export function preloadPages(): void {
  for (const route of Object.values(router.routesById)) router.loadRouteChunk(route)?.catch(() => {});
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function NothingHere() {
  return (
    <Page title="Nothing is here">
      <Blank title="No page has this address" action={<Link href="/changes">All changes</Link>}>
        The link may be old, or a part of it may be missing.
      </Blank>
    </Page>
  );
}
