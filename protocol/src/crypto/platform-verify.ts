// Ed25519 of the platform (WebCrypto), several times as fast as ours, for signatures that are checked before a step. It may stand in for
// crypto/sign.ts only where both say the same of every signature, so it is asked about those first that verifiers disagree about.

import { fromHex, toHex, utf8ToBytes } from '../bytes/bytes.ts'
import { KEY_TABLES_MAX } from '../limits.ts'

/** True when `signature` is one of `key` over `message`, by the one rule of crypto/sign.ts. `key` must have been admitted. */
export type PlatformVerify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>

/** The part of `crypto.subtle` that is used; `Key`: its own kind of key. */
export type Subtle<Key> = {
  readonly importKey: (format: 'raw', key: Bytes, algorithm: 'Ed25519', extractable: false, usages: ['verify']) => Promise<Key>
  readonly verify: (algorithm: 'Ed25519', key: Key, signature: Bytes, message: Bytes) => Promise<boolean>
}

type Bytes = Uint8Array<ArrayBuffer>

const MESSAGE = utf8ToBytes('crafted')
const KEY = '66be7e332c7a453332bd9d0a7f7db055f5c5ef1a06ada66d98b39fb6810c473a'
/** One good signature of this message, and two that are none by our rule: S + L; R with a torsion part. */
const GOOD =
  '1f1fefa9dc35496ef6182a75c2fa69932222769e566ecb67fb379395f174b52bce211b2428a0576a82a81011cb4a3d51245e8453f3e92994055507ce2f472102'
const BAD = [
  '1f1fefa9dc35496ef6182a75c2fa69932222769e566ecb67fb379395f174b52bbbf5108142036ac2584508b4a9441c66245e8453f3e92994055507ce2f472112',
  '4c09ae0bb152ce1900464b0c9307316e1f761f80aaf20226936f0aa6a0bd49e44d660cd8248709aa0a55f8adf8f0d4e5c29ed843aa5d52df42261cdb30469a01',
]

/** The platform's verifier, or undefined where it has none, or one of another rule. */
export async function loadPlatformVerify<Key>(subtle: Subtle<Key>): Promise<PlatformVerify | undefined> {
  const keys = new Map<string, Promise<Key>>()
  const keyOf = (key: Uint8Array): Promise<Key> => {
    const name = toHex(key)
    const imported = keys.get(name) ?? subtle.importKey('raw', Uint8Array.from(key), 'Ed25519', false, ['verify'])
    if (keys.size >= KEY_TABLES_MAX) keys.clear()
    keys.set(name, imported)
    return imported
  }
  const verify: PlatformVerify = async (key, message, signature) => {
    // The neutral point as R, in all its encodings: the only R of small order for which the equation can hold with an admitted key. Some
    // platforms, Chromium 156 among them, accept it; what is refused here is left to our own verifier.
    if (signature.subarray(1, 31).every((byte) => byte === signature[1])) return false
    try {
      return await subtle.verify('Ed25519', await keyOf(key), Uint8Array.from(signature), Uint8Array.from(message))
    } catch {
      return false
    }
  }
  const [good, ...bad] = await Promise.all([GOOD, ...BAD].map((signature) => verify(fromHex(KEY), MESSAGE, fromHex(signature))))
  return good === true && !bad.includes(true) ? verify : undefined
}
