import { RehearsalProcess } from "../rehearsal-process.ts";

const [cacheFolder] = process.argv.slice(2);
const running = RehearsalProcess.take();
running.work(
  {
    base: [],
    migrations: [{ id: "m", name: "m.sql", up: "select pg_sleep(1000);", down: null, transactional: true }],
    cacheFolder: cacheFolder!,
    seedRows: false,
    propose: false,
    keepState: false,
    passing: false,
    engine: { kind: "embedded", major: 18 },
  },
  {
    message(message) {
      if (message.type === "doing" && message.doing.line !== null) process.stdout.write(`${running.pid}\n`);
    },
    memory: () => {},
    gone: () => process.exit(1),
  },
);
