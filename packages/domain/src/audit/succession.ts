/**
 * The exact text whose UTF-8 bytes one key signs to name the next: id of the signing key, raw public key of the next in lower-case hex.
 * A RangeError when either could be read in two ways.
 */
export function successionStatement(keyId: string, publicKey: string): string {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(keyId)) throw new RangeError(`not 1 to 64 characters of [A-Za-z0-9._-]: ${keyId}`);
  if (!/^[0-9a-f]{64}$/.test(publicKey)) throw new RangeError(`not 64 lower-case hex digits: ${publicKey}`);
  return `change-mgmt/audit-key/1\n${keyId}\n${publicKey}\n`;
}
