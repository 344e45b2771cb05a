/** A problem document of the server, or what stands for one when the server cannot be reached. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export const session = {
  get token() {
    return sessionStorage.getItem("token");
  },
  begin: (token) => sessionStorage.setItem("token", token),
  end: () => sessionStorage.removeItem("token"),
};

async function send(path, options = {}) {
  const headers = { accept: "application/json", ...options.headers };
  if (session.token) headers.authorization = `Bearer ${session.token}`;
  const response = await fetch(path, { ...options, headers }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Refused({
      code: "UNREACHABLE",
      status: 0,
      detail: "The server cannot be reached.",
      hint: "Check that it runs.",
    });
  });
  if (response.ok) return response;
  const fallback = {
    code: `HTTP_${response.status}`,
    detail: "The server answered with an error.",
    hint: "Try again.",
  };
  const problem = await response.json().catch(() => fallback);
  throw new Refused({ ...problem, status: response.status });
}

export const get = async (path) => (await send(path)).json();

export async function post(path, body) {
  const headers = {
    "content-type": "application/json",
    "idempotency-key": crypto.randomUUID?.() ?? String(Math.random()),
  };
  return (await send(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
}

/** Follows live events until the signal; tells `onState` "live" or "lost" and takes up again where it was. */
export async function follow(signal, onEvent, onState) {
  let lastId = "";
  for (let wait = 1000; !signal.aborted; wait = Math.min(wait * 2, 30_000)) {
    try {
      const headers = { accept: "text/event-stream", ...(lastId ? { "last-event-id": lastId } : {}) };
      const response = await send("/api/events", { headers, signal });
      onState("live");
      wait = 1000;
      let text = "";
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + piece).split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const field = (name) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
          lastId = field("id") ?? lastId;
          if (field("data")) onEvent(JSON.parse(field("data")));
        }
      }
    } catch (error) {
      if (signal.aborted || error.problem?.status === 401 || error.problem?.status === 403) return;
    }
    onState("lost");
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
