import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { smtpNotifier } from "../integrations/smtp/smtp-notifier.ts";
import type { Store } from "../storage/store.ts";
import { accepted, aSmallWorkspace, refused } from "../testing/small-workspace.ts";
import { newEmbeddedStore } from "../testing/stores.ts";
import { mailPeople } from "./mail-people.ts";
import type { Notifier } from "./notifier.ts";

let store: Store;
let change: string;
let notifier: Notifier;
/** What the server took, whole. */
let inbox: { readonly to: string[]; readonly text: string }[];
/** What it says to a recipient instead of taking it. */
let refusal: { readonly responseCode: number } | undefined;
let said: string[];
const server = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  onRcptTo: (_address, _session, done) =>
    done(refusal === undefined ? null : Object.assign(new Error("not now"), refusal)),
  onData(stream, session, done) {
    let text = "";
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    stream.on("end", () => {
      inbox.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: text.replaceAll("=\r\n", "") });
      done();
    });
  },
});
const FROM = { CHANGE_MGMT_MAIL_FROM: "changes@shop.example" };

beforeAll(async () => {
  store = await newEmbeddedStore();
  change = await (await aSmallWorkspace(store)).submitted();
  for (const handle of ["ben", "lena", "rosa"])
    await store.db
      .updateTable("users")
      .set({ email: `${handle}@shop.example` })
      .where("handle", "=", handle)
      .execute();
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  notifier = accepted(smtpNotifier({ SMTP_URL: `smtp://127.0.0.1:${port}`, ...FROM }))!;
});

afterAll(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await store?.close();
});

beforeEach(() => {
  inbox = [];
  refusal = undefined;
  said = [];
});

let events = 0;
function told(event: string, details: object, key = `event-${++events}`, changeId: string | null = change) {
  const tools = {
    db: store.db,
    notifier,
    publicAddress: "https://changes.example",
    say: (line: string) => void said.push(line),
  };
  const { signal } = new AbortController();
  return mailPeople(tools).handle({ key, event, changeId, details: { ...details }, attempt: 1, signal });
}
const recipients = () => inbox.flatMap(({ to }) => to);

test("people are mailed what they have to act on, each by themselves and once however often the event comes", async () => {
  const voided = { voters: ["ben", "lena", "olga"] };
  for (let n = 0; n < 3; n++) await told("votes.voided", voided, "the one");
  expect(recipients()).toEqual(["ben@shop.example", "lena@shop.example"]);
  expect(inbox[0]!.text).toMatch(/^From: changes@shop\.example\r$/m);
  expect(inbox[0]!.text).toMatch(/^Subject: Your vote on Q-\d+ does not count any more\r$/m);
  expect(inbox[0]!.text).toMatch(/https:\/\/changes\.example\/changes\/Q-\d+/);
  await told("approval.due-soon", { told: ["ben"], title: "Owning team", dueAt: "2026-03-02T10:00:00.000Z" });
  await told("approval.overdue", { told: ["lena"], title: "Owning team", dueAt: "2026-03-02T10:00:00.000Z" });
  await told("watch.triggered", {
    environment: "staging",
    response: "ask",
    triggers: [{ title: "Health", words: "the health check fails" }],
  });
  expect(recipients().slice(2)).toEqual(["ben@shop.example", "lena@shop.example", "rosa@shop.example"]);
  expect(inbox.at(-1)!.text).toContain("Health: the health check fails.");
});

test("whoever has a seat is mailed that their board is convened, or not after all", async () => {
  const meeting = {
    process: "itil",
    board: "cab",
    title: "The board",
    from: "2026-03-04T15:00:00.000Z",
    told: ["ben"],
  };
  const about = (event: string, details: object) => told(event, { ...meeting, ...details }, event, null);
  await about("meeting.convened", { urgent: true, reason: "Orders are lost." });
  await about("meeting.called-off", { reason: "A holiday." });
  expect(recipients()).toEqual(["ben@shop.example", "ben@shop.example"]);
  // A long header is folded.
  expect(inbox[0]!.text).toMatch(
    /^Subject: The board is convened for 2026-03-04T15:00:00\.000Z, in an\s+emergency\r$/m,
  );
  expect(inbox[0]!.text).toContain("Orders are lost.");
  expect(inbox[0]!.text).toContain("https://changes.example/boards/itil/cab");
  expect(inbox[1]!.text).toContain("The meeting is called off: A holiday.");
});

test("what somebody has written makes no header of its own", async () => {
  await told("watch.held", { environment: "staging\r\nBcc: all@shop.example", title: "T", words: "W" });
  expect(recipients()).toEqual(["rosa@shop.example"]);
  expect(inbox[0]!.text).not.toMatch(/^Bcc:/m);
});

test("a server that is busy is tried again, one that refuses for good is not, and dying in between mails nothing twice", async () => {
  refusal = { responseCode: 451 };
  await expect(told("votes.voided", { voters: ["ben"] }, "busy")).rejects.toThrow("did not take it (EENVELOPE 451)");
  refusal = undefined;
  await told("votes.voided", { voters: ["ben"] }, "busy");
  expect(recipients()).toEqual(["ben@shop.example"]);
  refusal = { responseCode: 550 };
  await told("votes.voided", { voters: ["lena"] }, "unknown");
  expect(said).toEqual(["no mail for lena: the mail server did not take it (EENVELOPE 550)"]);
  refusal = undefined;
  await told("votes.voided", { voters: ["lena"] }, "unknown");
  expect(recipients()).toEqual(["ben@shop.example"]);
  // Whoever died over it left it written down, and nobody knows whether the server had taken it.
  await store.db.insertInto("mails").values({ event_key: "dead", handle: "ben", sent_at: new Date() }).execute();
  await told("votes.voided", { voters: ["ben"] }, "dead");
  expect(recipients()).toEqual(["ben@shop.example"]);
});

test("mail is off unless a server is named, and what is wrong with its setting is said without the password", () => {
  expect(accepted(smtpNotifier({}))).toBeUndefined();
  for (const [SMTP_URL, from] of [
    ["mail:secret", "a@b"],
    ["https://me:secret@mail.example", "a@b"],
    ["smtp://me:secret@mail.example", "nobody"],
    ["smtps://me:secret@mail.example", undefined],
  ]) {
    const problem = refused(smtpNotifier({ SMTP_URL, CHANGE_MGMT_MAIL_FROM: from }));
    expect(problem.code).toBe("SETTING_INVALID");
    expect(JSON.stringify(problem)).not.toContain("secret");
  }
});

test("a password is sent to no server that does not encrypt, and no error repeats it", async () => {
  const { port } = server.server.address() as AddressInfo;
  const withPassword = accepted(smtpNotifier({ SMTP_URL: `smtp://me:secret-word@127.0.0.1:${port}`, ...FROM }))!;
  const failed = await withPassword
    .send({ to: "ben@shop.example", subject: "S", text: "T" })
    .catch((error: Error) => error);
  expect(failed).toBeInstanceOf(Error);
  expect(String((failed as Error).stack)).not.toContain("secret-word");
  expect(inbox).toEqual([]);
});
