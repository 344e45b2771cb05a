import fc from "fast-check";
import { brokenFrom, isUnstorable, NOT_JSON } from "./breaks.ts";
import type { Schema, Schemas } from "./json-schema.ts";
import type { Interface, Operation, Parameter } from "./operations.ts";
import { HOSTILE } from "./texts.ts";
import { type Known, valuesOf } from "./values.ts";

/** A request as it goes out, and why it must not be done; `wrong` is empty where it is what the document describes. */
export interface FuzzRequest {
  /** Undefined for what is no operation of the document. */
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
  readonly wrong: readonly string[];
}

type Pairs = readonly (readonly [name: string, value: string])[];

const JSON_TYPE = "application/json";
const ODD_TYPES = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/json5",
  "",
  "a",
  "*/*",
  "application/json, text/plain",
];

const ODD_HEADERS: Readonly<Record<string, readonly string[]>> = {
  "if-match": ['"1"', "1", "*", 'W/"1"', "", '"999999999999999"', "-1", '"1", "2"', "1e3", "0"],
  "idempotency-key": ["a", "a", "\u00e9", "x".repeat(201), "x".repeat(200), "'; --", "", "a b"],
  "last-event-id": [
    "0",
    "-1",
    "99999999999999999999999999",
    "1e9",
    "x",
    "\u00e9",
    "01a00000-0000-7000-8000-000000000000",
    "'",
  ],
  cookie: [
    "change_mgmt_session=x",
    `change_mgmt_session=cm_session_${"a".repeat(43)}`,
    ";;;===",
    "a=b; ".repeat(500),
    "change_mgmt_session=%00",
  ],
  "x-forwarded-for": ["1.2.3.4", "garbage", "::1, 10.0.0.1", "' OR 1=1", "x".repeat(3000), "127.0.0.1:99999", ",,,"],
  "x-forwarded-host": ["evil.example", "a b", "'", "evil.example:99999", "[::1", ""],
  "x-forwarded-proto": ["https", "javascript", "https,http", ""],
  forwarded: ["for=unknown;host=evil.example"],
  host: ["evil.example", "a b", "[::1", "x".repeat(500), "localhost:99999", "'\"<>"],
  origin: ["null", "https://evil.example", "::::"],
  "sec-fetch-site": ["cross-site", "none", "?"],
  "x-request-id": ["ok-1", "<script>", "x".repeat(500)],
  authorization: [
    "Bearer",
    "Bearer a b",
    "Basic eDp5",
    "Bearer ' OR 1=1",
    "Bearer e30.e30.",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    `Bearer ${"x".repeat(8000)}`,
  ],
  "user-agent": ["\u00e9\u00ff", "x".repeat(5000), "<script>"],
  "x-change-mgmt": ["1", ""],
  accept: ["text/html", "application/xml", "*/*;q=0", ","],
  "accept-encoding": ["br;q=x", "identity;q=0"],
  range: ["bytes=0-0", "bytes=9-1", "x"],
  "if-none-match": ["*", '"x"'],
  "content-encoding": ["gzip", "x"],
  "x-http-method-override": ["DELETE"],
  te: ["trailers"],
};

/** Requests to one operation: as it is described, or with something wrong in body, query, path, headers, or method. */
export function requestsTo(operation: Operation, { schemas }: Interface, known: Known): fc.Arbitrary<FuzzRequest> {
  const { method, body } = operation;
  const params = fc.tuple(
    ...operation.params.map((one) => valuesOf(one.schema, schemas, known, `${operation.id} ${one.name}`)),
  ) as fc.Arbitrary<unknown[]>;
  const query = queryOf(operation.query, schemas, known);
  const content = body === undefined ? fc.constant(undefined) : bodyOf(operation, body.schema, schemas, known);
  const good = fc
    .tuple(params, query, content)
    .map(([values, pairs, sent]) => assemble(operation, schemas, values, pairs, sent));
  const also = (more: fc.Arbitrary<Partial<FuzzRequest>>) =>
    fc
      .tuple(good, more)
      .map(([one, change]) => ({ ...one, ...change, headers: { ...one.headers, ...change.headers } }));
  const forms: { arbitrary: fc.Arbitrary<FuzzRequest>; weight: number }[] = [
    { arbitrary: good, weight: 6 },
    { arbitrary: also(oddHeaders()), weight: 3 },
    {
      arbitrary: fc
        .tuple(params, oddQuery(query), content)
        .map(([values, pairs, sent]) => assemble(operation, schemas, values, pairs, sent)),
      weight: 1,
    },
    { arbitrary: good.chain((one) => oddPath(operation, one)), weight: 1 },
    {
      arbitrary: also(
        fc
          .constantFrom("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "PROPFIND", "QUERY")
          .map((other) => ({ method: other, operation: undefined })),
      ),
      weight: 1,
    },
  ];
  if (operation.params.length > 0)
    forms.push({
      arbitrary: fc
        .tuple(
          fc.tuple(
            ...operation.params.map(() =>
              fc.oneof(fc.constantFrom(...HOSTILE, "", "\0", ".", "..", "x".repeat(1990)), fc.string()),
            ),
          ),
          query,
          content,
        )
        .map(([values, pairs, sent]) => assemble(operation, schemas, values, pairs, sent)),
      weight: 2,
    });
  if (body?.type === JSON_TYPE)
    forms.push({
      arbitrary: good.map((one) => ({ ...one, headers: {}, body: undefined, wrong: body.required ? ["no body"] : [] })),
      weight: 1,
    });
  if (body?.type === JSON_TYPE) {
    const broken = content.chain((sent) => brokenFrom(sent));
    forms.push(
      {
        arbitrary: fc
          .tuple(params, query, broken)
          .map(([values, pairs, sent]) => assemble(operation, schemas, values, pairs, sent)),
        weight: 8,
      },
      {
        arbitrary: also(
          fc
            .constantFrom(...NOT_JSON)
            .map((text) => ({ body: text, headers: { "content-type": JSON_TYPE }, wrong: ["not JSON"] })),
        ),
        weight: 1,
      },
      {
        arbitrary: also(
          fc
            .constantFrom(...ODD_TYPES)
            .map((type) => ({ body: "{}", headers: { "content-type": type }, wrong: ["not sent as JSON"] })),
        ),
        weight: 1,
      },
    );
  } else if (body === undefined && method !== "GET")
    forms.push({
      arbitrary: also(
        fc.constantFrom("[]", '{"a":1}', "7", '"x"', ...NOT_JSON).map((text) => ({
          body: text,
          headers: { "content-type": JSON_TYPE },
          wrong: ["a body where none is taken"],
        })),
      ),
      weight: 2,
    });
  return fc.oneof(...forms);
}

function bodyOf(operation: Operation, schema: Schema, schemas: Schemas, known: Known): fc.Arbitrary<unknown> {
  if (operation.body!.type !== JSON_TYPE)
    return fc.oneof(
      fc.constantFrom("", "Looked.", "%PDF-1.7", "\u0089PNG\r\n", "MZ\u0090", "<svg onload=alert(1)>", "=cmd"),
      fc.string({ unit: "binary" }),
    );
  return valuesOf(schema, schemas, known, `${operation.id} body`);
}

function queryOf(parameters: readonly Parameter[], schemas: Schemas, known: Known): fc.Arbitrary<Pairs> {
  const one = ({ name, required, schema }: Parameter) => {
    const value = valuesOf(schema, schemas, known, name).map((is) => [[name, String(is)] as const]);
    return required ? value : fc.oneof(value, fc.constant([]));
  };
  return fc.tuple(...parameters.map(one)).map((parts) => parts.flat());
}

function oddQuery(query: fc.Arbitrary<Pairs>): fc.Arbitrary<Pairs> {
  const odd = fc.constantFrom(
    "limit=0",
    "limit=201",
    "limit=1e1",
    "limit=0x10",
    "limit=%20%205",
    "limit=5.0",
    "limit=+5",
    "limit=-1",
    "limit=",
    "limit=999999999999999999999",
    "cursor=e30",
    "cursor=%00",
    "cursor=%ff",
    "cursor=bnVsbA",
    "order=random",
    "all=maybe",
    "active=2",
    "unknown=1",
    "__proto__=1",
    "constructor=1",
    "a[b]=1",
    "%=1",
    "&&&",
    "q=%00",
    "q=%ud800",
    `q=${"x".repeat(8000)}`,
    "name=a&name=b",
    "limit=5&limit=6",
    "q=a&q=b",
    "status=draft,,,nothing",
    "from=x",
    "to=9999-99-99",
    "change=CHG-1'",
  );
  return fc.tuple(query, odd).map(([pairs, text]) => [...pairs, ["", text] as const]);
}

function oddHeaders(): fc.Arbitrary<Partial<FuzzRequest>> {
  const one = fc
    .constantFrom(...Object.keys(ODD_HEADERS))
    .chain((name) => fc.constantFrom(...ODD_HEADERS[name]!).map((value) => [name, value] as const));
  return fc.array(one, { minLength: 1, maxLength: 4 }).map((pairs) => ({ headers: Object.fromEntries(pairs) }));
}

function oddPath(operation: Operation, one: FuzzRequest): fc.Arbitrary<FuzzRequest> {
  const [path = "", query] = one.path.split("?");
  const tail = query === undefined ? "" : `?${query}`;
  return fc
    .constantFrom(
      `${path}/`,
      `/${path}`,
      `${path}/..`,
      `${path}/%2e%2e`,
      `${path}%`,
      `${path}%ff`,
      `${path}%00`,
      path.toUpperCase(),
      `${path};a=b`,
      `${path}/${"x".repeat(5000)}`,
      `/api/../${path}`,
      `${path}${"/x".repeat(500)}`,
    )
    .map((odd) => ({ ...one, operation: undefined, method: operation.method, path: odd + tail }));
}

function assemble(
  operation: Operation,
  schemas: Schemas,
  values: readonly unknown[],
  pairs: Pairs,
  sent: unknown,
): FuzzRequest {
  const { params, method, body } = operation;
  const named = params.map(({ name, schema }, at) => ({ name, schema, value: String(values[at]) }));
  const path = named.reduce((text, { name, value }) => text.replace(`{${name}}`, () => encode(value)), operation.path);
  // A segment of dots is resolved away by every client, an empty one matches nothing: both are other addresses.
  const elsewhere = named.some(({ value }) => value === "" || value === "." || value === "..");
  const json = body?.type === JSON_TYPE;
  return {
    operation: elsewhere ? undefined : operation,
    method,
    path:
      pairs.length === 0
        ? path
        : `${path}?${pairs.map(([name, value]) => (name === "" ? value : `${encode(name)}=${encode(value)}`)).join("&")}`,
    headers: body === undefined ? {} : { "content-type": body.type },
    body: body === undefined ? undefined : json ? JSON.stringify(sent) : Buffer.from(String(sent), "latin1"),
    wrong: [
      ...named.flatMap(({ name, schema, value }) => problemsOfText(schemas, schema, value, name)),
      ...problemsOfQuery(operation, schemas, pairs),
      ...(json ? [...schemas.problems(body.schema, sent), ...(isUnstorable(sent) ? ["cannot be stored"] : [])] : []),
    ],
  };
}

function problemsOfQuery({ path, query }: Operation, schemas: Schemas, pairs: Pairs): string[] {
  const sent = new URLSearchParams(
    pairs.map(([name, value]) => (name === "" ? value : `${encode(name)}=${encode(value)}`)).join("&"),
  );
  const names = new Set(sent.keys());
  // Whoever asks for health may put anything behind it, to get past caches.
  const unknown = [...names].filter((name) => path.startsWith("/api/") && !query.some((one) => one.name === name));
  return [
    ...unknown.map((name) => `query ${name} is not known`),
    ...query.filter(({ name, required }) => required && !names.has(name)).map(({ name }) => `query ${name} is missing`),
    ...query.flatMap(({ name, schema }) => {
      const all = sent.getAll(name);
      return all.length > 1
        ? [`query ${name} is there twice`]
        : all.flatMap((text) => problemsOfText(schemas, schema, text, name));
    }),
  ];
}

/** A number in an address is its digits. */
function problemsOfText(schemas: Schemas, given: Schema, text: string, at: string): string[] {
  const number = schemas.resolve(given).type === "integer";
  if (number && !/^-?\d+$/.test(text)) return [`${at} is not a whole number`];
  return [
    ...schemas.problems(given, number ? Number(text) : text, at),
    ...(isUnstorable(text) ? [`${at} cannot be stored`] : []),
  ];
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
