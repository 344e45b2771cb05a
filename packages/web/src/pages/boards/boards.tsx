import type { CallOutput } from "@change-mgmt/api/client.ts";
import { NativeSelect, Stack } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useAsk } from "../../data/ask.ts";
import { useProcess } from "../../data/process.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/link.tsx";
import { Told } from "../../ui/moment.tsx";
import { Blank } from "../../ui/notices.tsx";
import { Answer, LoadingSections, Page, Section } from "../../ui/page.tsx";
import { AgendaItem } from "./agenda-item.tsx";
import { MeetingNow } from "./meeting-now.tsx";
import { Minutes } from "./minutes.tsx";
import "./boards.css";

export type Board = CallOutput<"boards.list">["items"][number];
export type Meeting = CallOutput<"meetings.get">;

/** What waits for a board, who is there, and what was decided? */
export default function BoardsPage() {
  const { process, board } = useParams({ strict: false }) as { process?: string; board?: string };
  const boards = useAsk("boards.list");
  const me = useAsk("me").data?.handle;
  const go = useGo();
  const items = boards.data?.items ?? [];
  const mine = items.find(({ members }) => members.some(({ holders }) => me !== undefined && holders.includes(me)));
  const shown =
    process === undefined ? (mine ?? items[0]) : items.find((one) => one.process === process && one.id === board);
  const address = (one: Board) => paths.boards(one.process, one.id);
  return (
    <Page
      title={shown?.title ?? "Boards"}
      answer={
        shown && (
          <p style={{ margin: 0 }}>
            {shown.meets === null ? "It has no regular meetings." : `It meets ${shown.meets}`}
            {shown.nextMeeting && (
              <>
                , next <Told text={shown.nextMeeting.from} />
              </>
            )}
            {shown.meets !== null && "."}
            {shown.convenesWithin && ` In an emergency it convenes within ${shown.convenesWithin}.`}
          </p>
        )
      }
      action={
        items.length > 1 && (
          <NativeSelect
            aria-label="Board"
            value={shown ? address(shown) : ""}
            data={[
              ...(shown ? [] : [{ value: "", label: "Choose a board" }]),
              ...items.map((one) => ({ value: address(one), label: `${one.title} (${one.process})` })),
            ]}
            onChange={(event) => go(event.currentTarget.value)}
          />
        )
      }
    >
      <Answer query={boards} loading={<LoadingSections sections={3} />}>
        {() =>
          shown ? (
            <Room key={address(shown)} board={shown} />
          ) : items.length === 0 ? (
            <Blank title="No board">No process in force has a board that decides together.</Blank>
          ) : (
            <Blank title="There is no such board">Choose one of those above.</Blank>
          )
        }
      </Answer>
    </Page>
  );
}

function Room({ board }: { readonly board: Board }) {
  const params = { name: board.process, board: board.id };
  const agenda = useAsk("boards.agenda", { params });
  const meetings = useAsk("meetings.list", { params, query: { limit: 30 } });
  const items = meetings.data?.items ?? [];
  const open = items.find(({ state }) => state === "open");
  return (
    <Stack gap="md">
      <Answer query={meetings} loading={<LoadingSections sections={1} />}>
        {() => <MeetingNow board={board} meetings={items} />}
      </Answer>
      <Answer query={agenda} loading={<LoadingSections sections={1} />}>
        {({ items: waiting, more }) => (
          <Section title="Agenda" aside={<span className="quiet data">{waiting.length} waiting</span>} padded={false}>
            {waiting.length === 0 && (
              <div className="section-body">
                <Blank title="Nothing waits for this board">
                  Changes whose approval or ratification is asked of it stand here.
                </Blank>
              </div>
            )}
            {waiting.map((item, at) => (
              <AgendaItem key={item.change.number} item={item} meeting={open} unfolded={at < UNFOLDED} />
            ))}
            {more && <p className="section-body quiet flat">More changes take votes than were looked through.</p>}
          </Section>
        )}
      </Answer>
      <Seats board={board} />
      <Minutes meetings={items.filter(({ state }) => state === "closed" || state === "called-off")} />
    </Stack>
  );
}

/** Whose seats there are, by what the process calls its positions. */
function Seats({ board }: { readonly board: Board }) {
  const { process } = useProcess(board.process);
  const titleOf = (position: string) => process?.positions?.find(({ id }) => id === position)?.title ?? position;
  return (
    <Section title="Seats">
      <dl className="pairs-wide data">
        {board.members.map(({ position, holders }) => (
          <div key={position}>
            <dt>
              {titleOf(position)}
              {position === board.chair && " (chair)"}
            </dt>
            <dd>{holders.join(", ") || "nobody"}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** So many changes of an agenda show their evidence at once; that of the others is read when it is asked for. */
const UNFOLDED = 3;
