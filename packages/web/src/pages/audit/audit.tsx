import type { AuditEntry as StoredEntry } from "@change-mgmt/domain/audit/entry.ts";
import { Button, Group, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useAsk } from "../../data/ask.ts";
import { call } from "../../data/client.ts";
import { permitOf } from "../../data/permit.ts";
import { type AuditFilters, paths } from "../../paths.ts";
import { useGo } from "../../ui/link.tsx";
import { Blank, NotAllowed } from "../../ui/notices.tsx";
import { Answer, LoadingLines, Page, Section } from "../../ui/page.tsx";
import { Entry } from "./entry.tsx";
import { Filters } from "./filters.tsx";
import { Verification } from "./verification.tsx";
import "./audit.css";

const route = getRouteApi("/audit");
const PAGE = 50;

/** Who did what, when, and was it altered since? */
export default function AuditPage() {
  const filters = route.useSearch();
  const { data: me } = useAsk("me");
  const go = useGo();
  const read = permitOf(me, "audit.read");
  // Everybody may look at what happened to a change; the whole trail is for some.
  const mayAsk = me !== undefined && (read.allowed || filters.change !== undefined);
  const entries = useEntries(filters, mayAsk);
  const items = (entries.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <Page
      title="Audit"
      answer={
        <span className="quiet">
          Every act and every refusal, newest first. Looking is written down as well, so nothing here reloads by itself.
        </span>
      }
      action={<Verification me={me} />}
    >
      <Stack gap="md">
        <Filters
          key={JSON.stringify(filters)}
          filters={filters}
          onChange={(next) => go(paths.audit(next))}
          onlyByChange={me !== undefined && !read.allowed}
        />
        {me !== undefined && !mayAsk ? (
          <NotAllowed
            problem={{
              detail: read.reason ?? "You may not read the audit trail.",
              hint: `${read.hint ?? ""} What happened to one change everybody may see: give its number above.`,
            }}
          />
        ) : (
          <Section
            title="Entries"
            padded={false}
            aside={
              <Button
                variant="default"
                size="compact-sm"
                onClick={() => entries.refetch()}
                loading={entries.isRefetching}
              >
                Read again
              </Button>
            }
          >
            <Answer
              query={entries}
              loading={
                <div className="section-body">
                  <LoadingLines lines={12} />
                </div>
              }
            >
              {() =>
                items.length === 0 ? (
                  <Blank title="Nothing fits these filters" action={<ClearFilters filters={filters} />}>
                    The trail has no such entry.
                  </Blank>
                ) : (
                  <>
                    <ul className="entries">
                      {items.map(({ seq, hash, entry }) => (
                        <Entry key={hash} seq={seq} hash={hash} entry={entry as unknown as StoredEntry} />
                      ))}
                    </ul>
                    {entries.hasNextPage && (
                      <Group p="sm" justify="center">
                        <Button
                          variant="default"
                          onClick={() => entries.fetchNextPage()}
                          loading={entries.isFetchingNextPage}
                        >
                          Older entries
                        </Button>
                      </Group>
                    )}
                  </>
                )
              }
            </Answer>
          </Section>
        )}
      </Stack>
    </Page>
  );
}

function ClearFilters({ filters }: { readonly filters: AuditFilters }) {
  const go = useGo();
  if (Object.keys(filters).length === 0) return null;
  return (
    <Button variant="default" onClick={() => go(paths.audit())}>
      Without filters
    </Button>
  );
}

/** The trail page by page. Each look is an entry of its own, so it is asked only when somebody wants to see it. */
function useEntries(filters: AuditFilters, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["audit.list", { query: filters }, "explorer"],
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    refetchOnMount: "always",
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call("audit.list", { query: { ...filters, limit: PAGE, cursor: pageParam }, signal }),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}
