import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { loginPath } from "../connection/login-file.ts";
import { readSignInLink } from "../connection/sign-in-link.ts";
import { FakeRefusal, type Handlers, startFakeServer } from "../testing/fake-server.ts";
import { freshFolder, runLine } from "../testing/run-line.ts";
import { minutesAgo } from "../testing/samples.ts";

const me = {
  handle: "ada",
  name: "Ada Lovelace",
  roles: ["developer"],
  teams: ["data"],
  scopes: null,
  permissions: ["change.create"],
};
const made = {
  id: "t1",
  name: "sign-in link",
  user: "ada",
  scopes: null,
  createdAt: minutesAgo(0),
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  secret: "secret-token",
};

async function withServer(more: Handlers = {}) {
  const server = await startFakeServer({
    me: () => me,
    "links.exchange": ({ body }) => {
      if (body.code !== "one-time-code") throw new FakeRefusal(401, "LINK_INVALID", "This link is not valid.");
      return made;
    },
    "tokens.revoke": () => ({ ok: true }),
    ...more,
  });
  const cwd = freshFolder();
  const on = (argv: string[], options = {}) => runLine(argv, { token: null, cwd, ...options });
  return { server, cwd, on, file: loginPath({ HOME: cwd }) };
}

test("a one-time link signs in; the token is kept for its owner only and used from then on, never printed", async () => {
  const { server, on, file } = await withServer();
  const login = await on(["login", `${server.address}/sign-in?code=one-time-code`]);
  const mode = statSync(file).mode & 0o777;
  const whoami = await on(["whoami", "--json"]);
  const logout = await on(["logout"]);
  const after = await on(["whoami"]);
  await server.close();
  expect(server.violations).toEqual([]);
  expect(login.code).toBe(0);
  expect(login.stdout).toContain(`signed in at ${server.address} as ada`);
  expect(mode).toBe(0o600);
  expect(whoami.json()).toMatchObject({ handle: "ada", server: server.address });
  expect(logout.stdout).toBe(`Signed out of ${server.address}; the token is revoked.\n`);
  expect(server.log).toContain("DELETE /api/tokens/t1");
  expect(after.stderr).toContain("http://127.0.0.1:7070");
  for (const said of [login, whoami, logout]) expect(said.stdout + said.stderr).not.toContain("secret-token");
  expect(() => readFileSync(file)).toThrow();
});

test("a second factor goes with the link; without one the refusal says so where nobody can be asked", async () => {
  const sent: unknown[] = [];
  const { server, on } = await withServer({
    "links.exchange": ({ body }) => {
      sent.push(body.factor);
      if (body.factor === undefined) throw new FakeRefusal(401, "FACTOR_REQUIRED", "A second factor is needed.");
      return made;
    },
  });
  const line = ["login", "--server", server.address, "--code=one-time-code"];
  const without = await on(line);
  const withIt = await on([...line, "--factor=123456"]);
  const alone = await on(["login", "--server", server.address, "--factor=123456"], { stdin: "secret-token" });
  await server.close();
  expect(without.code).toBe(1);
  expect(without.stderr).toContain("[FACTOR_REQUIRED]");
  expect(withIt.code).toBe(0);
  expect(alone.code).toBe(2);
  expect(sent).toEqual([undefined, "123456"]);
});

test("a token comes from stdin and is checked before it is kept", async () => {
  const { server, on, file } = await withServer();
  const wrong = await on(["login", `--server=${server.address}`], { stdin: "other-token\n" });
  expect(wrong.code).toBe(1);
  expect(() => readFileSync(file)).toThrow();
  const right = await on(["login", "--server", server.address, "--json"], { stdin: "secret-token\n" });
  await server.close();
  expect(right.json()).toMatchObject({ ok: true, server: server.address, handle: "ada" });
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    current: server.address,
    logins: { [server.address]: { handle: "ada" } },
  });
});

test.each([[undefined], ["two words\n"], ["\n"]])("%j from stdin is no token", async (stdin) => {
  const said = await runLine(["login", "--server=http://127.0.0.1:9"], {
    token: null,
    ...(stdin === undefined ? {} : { stdin }),
  });
  expect(said.code).toBe(2);
});

test("a token never travels to another server than the one it was made for", async () => {
  const first = await withServer();
  const second = await startFakeServer({ me: () => me });
  await first.on(["login", "--server", first.server.address, "--code=one-time-code"]);
  const other = await first.on(["whoami", "--server", second.address]);
  await Promise.all([first.server.close(), second.close()]);
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("[NOT_SIGNED_IN]");
});

test("the server is the option, else the environment, else the login, else this machine", async () => {
  const { on, server } = await withServer();
  await on(["login", "--server", server.address, "--code=one-time-code"]);
  await server.close();
  const asked = async (argv: string[], env = {}) => /at (\S+) \(/.exec((await on(argv, { env })).stderr)?.[1];
  const env = { CHANGE_MGMT_SERVER: "http://127.0.0.1:8" };
  expect(await asked(["whoami", "--server=127.0.0.1:9"], env)).toBe("http://127.0.0.1:9");
  expect(await asked(["--server=127.0.0.1:9/", "whoami"], env)).toBe("http://127.0.0.1:9");
  expect(await asked(["whoami"], env)).toBe("http://127.0.0.1:8");
  expect(await asked(["whoami"])).toBe(server.address);
});

test("signing out works without the server, and twice", async () => {
  const { on, server } = await withServer();
  await on(["login", "--server", server.address, "--code=one-time-code"]);
  await server.close();
  const first = await on(["logout"]);
  expect(first.code).toBe(0);
  expect(first.stderr).toContain("It is forgotten here all the same.");
  expect((await on(["logout", "--server", server.address])).stdout).toContain("There was no sign-in");
});

test("a used link is refused, a broken login file is named", async () => {
  const { on, server, file } = await withServer();
  const used = await on(["login", "--server", server.address, "--code=used-before"]);
  await server.close();
  expect(used.code).toBe(1);
  expect(used.stderr).toContain("[LINK_INVALID]");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "{");
  const broken = await on(["whoami"]);
  expect(broken.code).toBe(3);
  expect(broken.stderr).toContain(`${file} is not a file that change-mgmt login wrote.`);
});

test.each([
  ["http://h:1/sign-in?code=abc", "abc"],
  ["https://h/#sign-in=abc", "abc"],
  ["https://h/#abc", "abc"],
  ["https://h/sign-in/abc", "abc"],
])("the code of %s is found", (link, code) => {
  expect(readSignInLink(link).code).toBe(code);
});

test.each(["abc", "ftp://h/abc", "https://h"])("%s is no link", (link) => {
  expect(() => readSignInLink(link)).toThrow("is no sign-in link");
});
