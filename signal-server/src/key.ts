// The relay's own Ed25519 key: kept in the data folder, made once. It is the libp2p identity, and what devices know the relay by.

import { createPrivateKey, createPublicKey, hash, randomBytes, sign, verify } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fromHex, toHex } from '@kith/protocol'

export type RelayKey = {
  readonly seed: Uint8Array
  readonly publicKey: Uint8Array
  readonly sign: (statement: Uint8Array) => Uint8Array
}

/** What precedes a 32-byte seed in PKCS #8, and a 32-byte public key in SPKI (RFC 8410). */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420')
const SPKI_PREFIX = fromHex('302a300506032b6570032100')

/** Reads `relay.key` in `folder`, or makes it. Two processes that start at once end up with the same key. */
export async function loadRelayKey(folder: string): Promise<RelayKey> {
  const name = join(folder, 'relay.key')
  const text = (await readIfThere(name)) ?? (await createKeyFile(name))
  if (!/^[0-9a-f]{64}\n?$/.test(text))
    throw new Error(`${name} is not a relay key; put back the right file, or remove it for a new key (devices then see a new relay)`)
  return toRelayKey(fromHex(text.trim()))
}

export function toRelayKey(seed: Uint8Array): RelayKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length))
  return { seed, publicKey, sign: (statement) => new Uint8Array(sign(null, statement, key)) }
}

/**
 * OpenSSL's Ed25519, fifteen times as fast as the protocol's: thousands of devices come back at once after a restart.
 * For keys that `isSigningKey` admits both check the same: S < L, and R recomputed and compared as bytes.
 */
export function verifyNative(publicKey: Uint8Array, statement: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' })
  return verify(null, statement, key, signature)
}

/** OpenSSL's SHA-256: each blob is hashed once on its way in. */
export const hashNative = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', bytes, 'buffer'))

const hasCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code

async function readIfThere(name: string): Promise<string | undefined> {
  try {
    return await readFile(name, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Written whole under another name and then linked, which fails when the key is there already: never half a key, never a second one. */
async function createKeyFile(name: string): Promise<string> {
  const draft = `${name}.${toHex(randomBytes(8))}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${toHex(randomBytes(32))}\n`)
    await file.sync()
    await link(draft, name).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error
    })
  } finally {
    await file.close()
    await rm(draft, { force: true })
  }
  return readFile(name, 'utf8')
}
