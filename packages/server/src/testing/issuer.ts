import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** What tokens of an issuer are made for, unless a test says otherwise. */
export const AUDIENCE = "change-mgmt";

/** A key pair of an issuer; the public half is published under `kid`. */
export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: object;
}

export async function newKey(alg = "ES256"): Promise<IssuerKey> {
  const kid = randomUUID();
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

/** An identity provider on the loopback interface: discovery document, published keys, tokens. */
export class Issuer {
  url = "";
  keys: IssuerKey[] = [];
  /** Paths that were asked for, in order. */
  fetched: string[] = [];
  /** Answers in place of the documents. */
  instead: { status: number; body: string; location?: string } | undefined;
  /** What the discovery document says in place of the truth. */
  discovery: Record<string, string> = {};
  readonly #path: string;
  readonly #server: Server;

  /** `path`: below which its documents are; `keysAt`: where below that its keys are. */
  constructor({ path = "", keysAt = "/jwks" }: { readonly path?: string; readonly keysAt?: string } = {}) {
    this.#path = path;
    this.#server = createServer((request, response) => {
      this.fetched.push(request.url!);
      if (this.instead) {
        const { status, body, location } = this.instead;
        response.writeHead(status, location ? { location } : {}).end(body);
        return;
      }
      const document = request.url!.endsWith(keysAt)
        ? { keys: this.keys.map(({ publicJwk }) => publicJwk) }
        : { issuer: this.url, jwks_uri: `${this.url}${keysAt}`, ...this.discovery };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
    });
  }

  async start(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#path}`;
    this.keys = [await newKey()];
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** A token as this issuer makes them, with `changes` to its claims. */
  async token(changes: JWTPayload, key: IssuerKey = this.keys[0]!): Promise<string> {
    return await new SignJWT(this.#claims(changes))
      .setProtectedHeader({ alg: key.alg, kid: key.kid })
      .sign(key.privateKey);
  }

  /** The same, signed by a shared secret. */
  async secretToken(changes: JWTPayload, secret: string): Promise<string> {
    return await new SignJWT(this.#claims(changes)).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(secret));
  }

  #claims(changes: JWTPayload): JWTPayload {
    const seconds = Math.floor(Date.now() / 1000);
    return { iss: this.url, aud: AUDIENCE, iat: seconds, exp: seconds + 300, ...changes };
  }
}
