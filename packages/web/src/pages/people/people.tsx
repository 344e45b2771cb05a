import { Button, Stack } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useAsk, useAskPages } from "../../data/ask.ts";
import { permitOf } from "../../data/permit.ts";
import type { User } from "../../data/types.ts";
import { paths } from "../../paths.ts";
import { ActButton } from "../../ui/act-button.tsx";
import { Link, useGo } from "../../ui/link.tsx";
import { Blank } from "../../ui/notices.tsx";
import { Answer, LoadingLines, Page, Section } from "../../ui/page.tsx";
import { StateBadge } from "../../ui/state.tsx";
import { AddPerson } from "./add-person.tsx";
import { Person } from "./person.tsx";
import { Teams } from "./teams.tsx";
import { positionWords } from "./words.ts";
import "./people.css";

const route = getRouteApi("/people");

/** Who is here, and who may do what? */
export default function PeoplePage() {
  const { person, add } = route.useSearch();
  const { data: me } = useAsk("me");
  const people = useAskPages("users.list", { query: { limit: 100 } });
  const go = useGo();
  const manage = permitOf(me, "people.manage");
  const chosen = people.items.find(({ handle }) => handle === person);
  return (
    <Page
      title="People"
      answer={
        me !== undefined &&
        !manage.allowed && (
          <span className="quiet">
            To look at. {manage.reason} {manage.hint}
          </span>
        )
      }
      action={
        <ActButton permit={manage} onClick={() => go(paths.people({ add: "person" }))}>
          Add a person
        </ActButton>
      }
    >
      <Stack gap="md">
        {add === "person" && manage.allowed && <AddPerson />}
        {chosen && <Person key={chosen.handle} user={chosen} me={me} />}
        {person !== undefined && people.isPending && (
          <Section title={person}>
            <LoadingLines lines={7} height={22} />
          </Section>
        )}
        {person !== undefined && chosen === undefined && !people.isPending && !people.hasNextPage && (
          <Section title={person}>
            <Blank title={`There is nobody called "${person}"`}>The link may be old.</Blank>
          </Section>
        )}
        <Section title="People" padded={false}>
          <Answer
            query={people}
            loading={
              <div className="section-body">
                <LoadingLines lines={10} height={32} />
              </div>
            }
          >
            {() => (
              <ul className="people">
                {people.items.map((user) => (
                  <Row key={user.handle} user={user} chosen={user.handle === person} />
                ))}
              </ul>
            )}
          </Answer>
          {people.hasNextPage && (
            <div className="section-body">
              <Button variant="default" onClick={() => people.fetchNextPage()} loading={people.isFetchingNextPage}>
                More people
              </Button>
            </div>
          )}
        </Section>
        <Teams people={people.items} manage={manage} />
      </Stack>
    </Page>
  );
}

function Row({ user, chosen }: { readonly user: User; readonly chosen: boolean }) {
  const { handle, name, roles, teams, positions, disabled } = user;
  return (
    <li>
      <Link
        className="person-row"
        href={paths.people(chosen ? {} : { person: handle })}
        {...(chosen ? { "aria-current": "true" as const } : {})}
      >
        <span>
          <strong>{name}</strong> <span className="mono quiet">{handle}</span>{" "}
          {disabled && <StateBadge state="cancelled" words="disabled" />}
        </span>
        <span className="data">{roles.join(", ") || <span className="quiet">no role</span>}</span>
        <span className="data quiet">
          {[teams.length > 0 && `in ${teams.join(", ")}`, ...positions.map(positionWords)].filter(Boolean).join(" · ")}
        </span>
      </Link>
    </li>
  );
}
