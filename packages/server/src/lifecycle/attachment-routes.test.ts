import { createHash, randomBytes, randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { type Client, createClient, ProblemError } from "@change-mgmt/api/client.ts";
import type { Problem } from "@change-mgmt/api/problem.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { aProcess } from "@change-mgmt/domain/testing/builders.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PIECE_BYTES } from "../evidence/contents.ts";
import { type StartedHttp, startHttp } from "../http/testing.ts";
import { backupStore, restoreStore } from "../storage/backup.ts";
import type { Store } from "../storage/store.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { aQuickProcess, aSmallWorkspace, type SmallPeople, type SmallWorkspace } from "../testing/small-workspace.ts";
import { nowhere } from "../testing/step-context.ts";
import { newEmbeddedStore, openedStore } from "../testing/stores.ts";
import { attachmentRoutes } from "./attachment-routes.ts";
import { changeRoutes } from "./change-routes.ts";

const LIMIT = 400_000;
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const HTML = Buffer.from("<!doctype html><script>alert(document.cookie)</script>");

/** draft → review with a step that takes a file, and a vote of the owning team. */
const review = aProcess().stages.find(({ id }) => id === "review")!;
const process = aQuickProcess([
  ...aQuickProcess().stages.map((stage) =>
    stage.id === "draft"
      ? { ...stage, transitions: stage.transitions.map((to) => (to.on === "submit" ? { ...to, to: "review" } : to)) }
      : stage,
  ),
  {
    ...review,
    steps: [{ id: "tests", title: "Run the tests", evidence: ["file"], by: [] }],
    transitions: [
      { on: "ready", to: "ready", gates: ["approved-all", "steps"] },
      { on: "cancel", to: "cancelled", gates: [] },
    ],
  },
]);

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
let http: StartedHttp;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store, { process });
  http = await serve(store, workspace);
});

afterAll(async () => {
  await http?.app.close();
  await store?.close();
  await postgres?.stop();
});

function serve(on: Store, { door, processes, people }: SmallWorkspace): Promise<StartedHttp> {
  return startHttp(
    {
      ...changeRoutes({ db: on.db, door, processes, targets: nowhere }),
      ...attachmentRoutes({ db: on.db, door, bytes: LIMIT }),
    },
    {
      pages: false,
      authenticate: async (token) => {
        const actor = people[token as keyof SmallPeople];
        return actor ? accept(actor) : refuse("TOKEN_INVALID", "No.", "Sign in.");
      },
    },
  );
}

const as = (who: keyof SmallPeople): Client => createClient({ baseUrl: http.url, token: who, newKey: randomUUID });
const bytesOf = (content: Uint8Array | string) => new Uint8Array(Buffer.from(content as string));
const attach = (who: keyof SmallPeople, id: string, name: string, content: Uint8Array | string) =>
  as(who)("changes.attach", { params: { id }, query: { name, type: "text/html" }, body: bytesOf(content) });
const hashOf = (content: Uint8Array | string) => createHash("sha256").update(content).digest("hex");
const noise = (size: number) =>
  `${randomBytes(size)
    .toString("hex")
    .slice(0, size - 1)}\n`;

async function problem(call: Promise<unknown>): Promise<Problem> {
  const thrown = await call.then(
    (value) => new Error(`not refused: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (thrown instanceof ProblemError) return thrown.problem;
  throw thrown;
}

const countOf = async (table: "attachment_contents" | "attachment_pieces", sha256: string) =>
  (await store.db.selectFrom(table).select("sha256").where("sha256", "=", sha256).execute()).length;

describe("attaching", () => {
  test("a file comes back byte by byte, whatever its size, and readers may fetch it", async () => {
    const id = await workspace.submitted();
    for (const size of [1, PIECE_BYTES, PIECE_BYTES + 1, LIMIT]) {
      const content = noise(size);
      const attachment = await attach("ben", id, `n${size}.log`, content);
      expect(attachment).toMatchObject({ name: `n${size}.log`, type: "text/plain", size, sha256: hashOf(content) });
      const response = await as("audrey")("attachments.download", { params: { id: attachment.id } });
      expect(hashOf(Buffer.from(await response.arrayBuffer()))).toBe(hashOf(content));
    }
    const listed = await as("audrey")("changes.attachments", { params: { id } });
    expect(listed.items.map(({ size, by, removed }) => ({ size, by, removed }))).toEqual(
      [1, PIECE_BYTES, PIECE_BYTES + 1, LIMIT].map((size) => ({ size, by: "ben", removed: null })),
    );
    expect(listed).toMatchObject({ limits: { bytes: LIMIT }, attach: { allowed: false, code: "NOT_ALLOWED" } });
    expect(await as("ben")("changes.attachments", { params: { id } })).toMatchObject({ attach: { allowed: true } });
  });

  test("the bytes say what it is: a picture named .txt is a picture, and a page named .png is refused", async () => {
    const id = await workspace.submitted();
    expect(await attach("ben", id, "shot.txt", PNG)).toMatchObject({ type: "image/png", declaredType: "text/html" });
    const { code, status, hint } = await problem(attach("ben", id, "page.png", HTML));
    expect({ code, status }).toEqual({ code: "ATTACHMENT_TYPE", status: 415 });
    expect(hint).toContain("PNG");
    for (const [name, content] of [
      ["page.txt", HTML],
      ["page.html", HTML],
      ["drawing.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
      ["tool.log", Buffer.concat([Buffer.from("MZ\x90\0"), randomBytes(500)])],
      ["latin.txt", Buffer.from([0x66, 0xfc, 0x72])],
    ] as const) {
      expect([name, (await problem(attach("ben", id, name, content))).code]).toEqual([name, "ATTACHMENT_TYPE"]);
    }
    expect((await as("ben")("changes.attachments", { params: { id } })).items).toHaveLength(1);
  });

  test("it is saved, never run: every answer says so in its headers", async () => {
    const id = await workspace.submitted();
    const { id: attachment } = await attach("ben", id, `ré"sum'é.csv`, "a,b\n1,2\n");
    const response = await as("ben")("attachments.download", { params: { id: attachment } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="r__sum__.csv"; filename*=UTF-8''r%C3%A9%22sum%27%C3%A9.csv`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "content-length": "8",
      "cache-control": "no-store",
      "repr-digest": `sha-256=:${Buffer.from(hashOf("a,b\n1,2\n"), "hex").toString("base64")}:`,
    });
  });

  test("too large, empty and badly named files are refused with the limit, and nothing is kept", async () => {
    const id = await workspace.submitted();
    for (const size of [LIMIT + 1, LIMIT * 3, LIMIT * 5]) {
      const large = noise(size);
      expect(await problem(attach("ben", id, "large.log", large))).toMatchObject({
        code: "ATTACHMENT_TOO_LARGE",
        status: 413,
        detail: '"large.log" is larger than 400 kB.',
        details: { limit: LIMIT },
      });
      expect(await countOf("attachment_contents", hashOf(large))).toBe(0);
    }
    expect(await problem(attach("ben", id, "empty.log", ""))).toMatchObject({ code: "ATTACHMENT_EMPTY", status: 422 });
    expect(await problem(attach("ben", id, "../../etc/passwd.txt", "x"))).toMatchObject({ code: "ATTACHMENT_NAME" });
    expect((await as("ben")("changes.attachments", { params: { id } })).items).toEqual([]);
  });

  test("a file whose length nobody says is counted while it comes", async () => {
    const id = await workspace.submitted();
    const send = async (size: number) => {
      const answer = Promise.withResolvers<{ status: number; code?: string }>();
      const outgoing = httpRequest(
        `${http.url}/api/changes/${id}/attachments?name=piped${size}.log`,
        {
          method: "POST",
          headers: { authorization: "Bearer ben", "content-type": "application/octet-stream" },
        },
        async (incoming) => {
          const text = (await incoming.toArray()).join("");
          answer.resolve({ status: incoming.statusCode!, code: JSON.parse(text).code });
        },
      );
      outgoing.on("error", answer.reject);
      outgoing.write("x");
      outgoing.end("x".repeat(size - 1));
      return await answer.promise;
    };
    expect(await send(20)).toMatchObject({ status: 201 });
    expect(await send(LIMIT + 1)).toEqual({ status: 413, code: "ATTACHMENT_TOO_LARGE" });
  });

  test("bytes are taken as bytes only, and only where they are asked for", async () => {
    const id = await workspace.submitted();
    const post = async (path: string, type: string, body: string) => {
      const response = await http.send("POST", path, body, { authorization: "Bearer ben", "content-type": type });
      return ((await response.json()) as Problem).code;
    };
    const place = `/api/changes/${id}/attachments?name=a.txt`;
    expect(await post(place, "application/json", '"text"')).toBe("MEDIA_TYPE_UNSUPPORTED");
    expect(await post(place, "multipart/form-data; boundary=x", "--x--")).toBe("MEDIA_TYPE_UNSUPPORTED");
    expect(await post("/api/changes", "application/octet-stream", "{}")).toBe("MEDIA_TYPE_UNSUPPORTED");
    expect(await post(`/api/changes/${id}/attachments`, "application/octet-stream", "x")).toBe("INPUT_INVALID");
  });

  test("who may not act on a change attaches nothing; nobody attaches to one that is over or not there", async () => {
    const id = await workspace.submitted();
    expect(await problem(attach("audrey", id, "a.txt", "x"))).toMatchObject({ code: "NOT_ALLOWED", status: 403 });
    expect(await problem(attach("ben", "Q-0", "a.txt", "x"))).toMatchObject({ code: "CHANGE_UNKNOWN", status: 404 });
    await as("lena")("changes.cancel", { params: { id }, body: { reason: "No." } });
    expect(await problem(attach("ben", id, "a.txt", "x"))).toMatchObject({ code: "CHANGE_OVER", status: 409 });
    expect(await as("ben")("changes.attachments", { params: { id } })).toMatchObject({
      attach: { allowed: false, code: "CHANGE_OVER" },
    });
  });

  test("a request sent twice with one key attaches once; the same file without it is said to be there", async () => {
    const id = await workspace.submitted();
    const once = () =>
      as("ben")("changes.attach", {
        params: { id },
        query: { name: "run.log" },
        body: bytesOf("fine"),
        idempotencyKey: `once-${id}`,
      });
    expect((await once()).id).toBe((await once()).id);
    expect(await problem(attach("lena", id, "run.log", "fine"))).toMatchObject({ code: "ATTACHMENT_ALREADY" });
    const reused = as("ben")("changes.attach", {
      params: { id },
      query: { name: "run.log" },
      body: bytesOf("other"),
      idempotencyKey: `once-${id}`,
    });
    expect((await problem(reused)).code).toBe("IDEMPOTENCY_KEY_REUSED");
    expect((await as("ben")("changes.attachments", { params: { id } })).items).toHaveLength(1);
  });
});

describe("bytes", () => {
  test("are kept once, whoever attaches them at the same time, and go with the last", async () => {
    const changes = await Promise.all(Array.from({ length: 6 }, () => workspace.submitted()));
    const content = noise(PIECE_BYTES * 2 + 5);
    const attached = await Promise.all(changes.map((id) => attach("ben", id, "same.log", content)));
    const hash = hashOf(content);
    expect(new Set(attached.map(({ sha256 }) => sha256))).toEqual(new Set([hash]));
    expect(await countOf("attachment_contents", hash)).toBe(1);
    expect(await countOf("attachment_pieces", hash)).toBe(3);
    const [kept, ...others] = attached;
    await Promise.all(others.map(({ id }) => as("ben")("attachments.remove", { params: { id } })));
    const response = await as("ben")("attachments.download", { params: { id: kept!.id } });
    expect(hashOf(Buffer.from(await response.arrayBuffer()))).toBe(hash);
    await as("ben")("attachments.remove", { params: { id: kept!.id } });
    expect(await countOf("attachment_contents", hash)).toBe(0);
    expect(await countOf("attachment_pieces", hash)).toBe(0);
  });

  test("attached and let go of at the same time are there for whoever still has them", async () => {
    const changes = await Promise.all(Array.from({ length: 4 }, () => workspace.submitted()));
    const content = noise(PIECE_BYTES + 5);
    for (let round = 0; round < 5; round++) {
      const [first, ...others] = await Promise.all(
        changes.map((id, n) => (n === 0 ? attach("ben", id, `${round}.log`, content) : undefined)),
      );
      const [, ...added] = await Promise.all([
        as("ben")("attachments.remove", { params: { id: first!.id } }),
        ...others.map((_, n) => attach("ben", changes[n + 1]!, `${round}.log`, content)),
      ]);
      for (const { id } of added) {
        const response = await as("ben")("attachments.download", { params: { id } });
        expect(hashOf(Buffer.from(await response.arrayBuffer()))).toBe(hashOf(content));
        await as("ben")("attachments.remove", { params: { id } });
      }
    }
    expect(await countOf("attachment_contents", hashOf(content))).toBe(0);
  });

  test("come back from a backup, into the other kind of store", async () => {
    const id = await workspace.submitted();
    const content = noise(PIECE_BYTES * 2 + 77);
    const { id: attachment } = await attach("ben", id, "kept.log", content);
    const other = await newEmbeddedStore();
    try {
      expect(await restoreStore(other, backupStore(store))).toMatchObject({ ok: true });
      const restored = await serve(other, workspace);
      const ask = createClient({ baseUrl: restored.url, token: "audrey", newKey: randomUUID });
      const response = await ask("attachments.download", { params: { id: attachment } });
      expect(response.headers.get("content-disposition")).toContain("kept.log");
      expect(hashOf(Buffer.from(await response.arrayBuffer()))).toBe(hashOf(content));
      await restored.app.close();
    } finally {
      await other.close();
    }
  });
});

describe("evidence", () => {
  const complete = (id: string, evidence: object) =>
    as("ben")("changes.completeStep", {
      params: { id, stepId: "tests" },
      body: { evidence: [{ kind: "file", ...evidence }] },
    });

  test("a step is completed with a file of this change and keeps its name and hash; the file then stays", async () => {
    const id = await workspace.submitted();
    const report = await attach("ben", id, "junit.xml", "<testsuites/>");
    const { steps } = await complete(id, { attachment: report.id });
    const { id: file, name, type, size, sha256 } = report;
    expect(steps.find((step) => step.id === "tests")?.completed?.evidence).toEqual([
      { kind: "file", value: "junit.xml", file: { id: file, name, type, size, sha256 } },
    ]);
    expect(await problem(as("ben")("attachments.remove", { params: { id: file } }))).toMatchObject({
      code: "ATTACHMENT_RELIED_ON",
      status: 409,
      detail: '"junit.xml" is evidence of the completed step "Run the tests".',
    });
    expect((await as("ben")("changes.attachments", { params: { id } })).items).toMatchObject([
      { steps: ["tests"], remove: { allowed: false, code: "ATTACHMENT_RELIED_ON" } },
    ]);
  });

  test("a file of another change, one that was removed, one that never was: none is evidence", async () => {
    const [id, elsewhere] = [await workspace.submitted(), await workspace.submitted()];
    const other = await attach("ben", elsewhere, "other.log", "x");
    const gone = await attach("ben", id, "gone.log", "x");
    await as("ben")("attachments.remove", { params: { id: gone.id } });
    const pointer = "/evidence/0/attachment";
    expect(await problem(complete(id, { attachment: other.id }))).toMatchObject({
      code: "ATTACHMENT_UNKNOWN",
      status: 404,
      place: { pointer },
    });
    expect(await problem(complete(id, { attachment: gone.id }))).toMatchObject({
      code: "ATTACHMENT_REMOVED",
      status: 410,
    });
    expect(await problem(complete(id, {}))).toMatchObject({ code: "INPUT_INVALID" });
    expect(await problem(complete(id, { kind: "note", attachment: gone.id }))).toMatchObject({ code: "INPUT_INVALID" });
    const remark = as("ben")("changes.comment", { params: { id }, body: { text: "See", attachments: [other.id] } });
    expect(await problem(remark)).toMatchObject({ code: "ATTACHMENT_UNKNOWN", place: { pointer: "/attachments/0" } });
  });

  test("a comment names files and still does after they were removed", async () => {
    const id = await workspace.submitted();
    const { id: file, sha256 } = await attach("rosa", id, "shot.png", PNG);
    const body = { text: "Look at the corner.", attachments: [file] };
    expect(await as("lena")("changes.comment", { params: { id }, body })).toMatchObject({ files: [{ id: file }] });
    await as("rosa")("attachments.remove", { params: { id: file } });
    const { items } = await as("ben")("changes.comments", { params: { id } });
    expect(items).toMatchObject([{ text: "Look at the corner.", files: [{ name: "shot.png", sha256 }] }]);
  });
});

describe("removing", () => {
  test("is for who attached it and for administrators; what was there at a vote stays", async () => {
    const id = await workspace.submitted();
    const [own, foreign, voted] = await Promise.all(
      ["own.log", "foreign.log", "voted.log"].map((name) => attach("ben", id, name, name)),
    );
    expect(await problem(as("olga")("attachments.remove", { params: { id: own!.id } }))).toMatchObject({
      code: "ATTACHMENT_NOT_YOURS",
      status: 403,
    });
    expect(await problem(as("audrey")("attachments.remove", { params: { id: own!.id } }))).toMatchObject({
      code: "NOT_ALLOWED",
    });
    expect(await as("ben")("attachments.remove", { params: { id: own!.id } })).toMatchObject({
      removed: { by: "ben" },
      remove: { allowed: false },
    });
    expect(await as("admin")("attachments.remove", { params: { id: foreign!.id } })).toMatchObject({
      removed: { by: "admin" },
    });
    const { contentHash } = await as("lena")("changes.get", { params: { id } });
    await as("lena")("changes.vote", { params: { id }, body: { decision: "approve", contentHash } });
    expect(await problem(as("admin")("attachments.remove", { params: { id: voted!.id } }))).toMatchObject({
      code: "ATTACHMENT_RELIED_ON",
      detail: expect.stringContaining("lena"),
    });
    const after = await attach("ben", id, "after.log", "later");
    expect(await as("ben")("attachments.remove", { params: { id: after.id } })).toMatchObject({
      removed: { by: "ben" },
    });
  });

  test("what is removed or never was cannot be fetched, and says so", async () => {
    const id = await workspace.submitted();
    const { id: file } = await attach("ben", id, "a.log", "x");
    await as("ben")("attachments.remove", { params: { id: file } });
    const fetched = (which: string) => problem(as("ben")("attachments.download", { params: { id: which } }));
    expect(await fetched(file)).toMatchObject({ code: "ATTACHMENT_REMOVED", status: 410 });
    expect(await fetched(randomUUID())).toMatchObject({ code: "ATTACHMENT_UNKNOWN", status: 404 });
    expect(await fetched("..%2F..")).toMatchObject({ code: "ATTACHMENT_UNKNOWN", status: 404 });
    expect(await problem(as("ben")("attachments.remove", { params: { id: file } }))).toMatchObject({
      code: "ATTACHMENT_REMOVED",
    });
  });
});

test("the audit trail knows name, size and hash of what was attached, removed and refused, and no bytes", async () => {
  const id = await workspace.submitted();
  const { id: file } = await attach("ben", id, "secret.log", "the-very-bytes");
  await as("ben")("attachments.remove", { params: { id: file } });
  await problem(attach("ben", id, "page.html", HTML));
  const entries = await store.db
    .selectFrom("audit_trail")
    .select(["action", "actor", "details", "entry"])
    .where("change_id", "=", id)
    .where("action", "like", "%attach%")
    .orderBy("id")
    .execute();
  const about = {
    attachment: file,
    name: "secret.log",
    type: "text/plain",
    size: 14,
    sha256: hashOf("the-very-bytes"),
  };
  expect(entries.map(({ action, actor, details }) => ({ action, actor, details }))).toEqual([
    { action: "attachment.added", actor: "ben", details: about },
    { action: "attachment.removed", actor: "ben", details: { ...about, contentGone: true } },
    {
      action: "change.attach.refused",
      actor: "ben",
      details: { code: "ATTACHMENT_TYPE", message: expect.stringContaining("page.html") },
    },
  ]);
  expect(entries.map(({ entry }) => entry).join()).not.toMatch(/the-very-bytes|alert/);
  expect(http.errors).toEqual([]);
});
