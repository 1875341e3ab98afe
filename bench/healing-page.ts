// What an epoch of healing takes where this is run, in Node or in a page: of the session as it is, of ML-KEM alone by noble and by the platform, and in a page
// of a bare WebRTC connection to itself, which is the least that a libp2p dial over WebRTC takes.

import { decapsulate, encapsulate, kemKeysOf } from '../protocol/src/crypto/kem.ts'
import { takeOneTime } from '../protocol/src/session/prekeys.ts'
import { createParty, initiated, opened, sealed } from '../protocol/test/vectors/pair-of-devices.ts'
import type { Party } from '../protocol/test/vectors/pair-of-devices.ts'

const ROUNDS = 80
const WARM_UP = 30
const DIALS = 12
const KEM = 'ML-KEM-768'

type Taken = {
  readonly epochMs: number
  readonly nobleMs: number
  readonly platformMs: number | undefined
  readonly webrtcMs: number | undefined
  readonly partBytes: number
}

/** What the types of browsers do not know yet. */
type Subtle = {
  readonly generateKey: (algorithm: string, extractable: boolean, usages: readonly string[]) => Promise<CryptoKeyPair>
  readonly importKey: (
    format: string,
    key: ArrayBuffer,
    algorithm: string,
    extractable: boolean,
    usages: readonly string[],
  ) => Promise<CryptoKey>
  readonly exportKey: (format: string, key: CryptoKey) => Promise<ArrayBuffer>
  readonly encapsulateBits: (algorithm: string, key: CryptoKey) => Promise<{ readonly ciphertext: ArrayBuffer }>
  readonly decapsulateBits: (algorithm: string, key: CryptoKey, ciphertext: ArrayBuffer) => Promise<ArrayBuffer>
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

async function medianOf(rounds: number, run: () => Promise<unknown> | void): Promise<number> {
  const taken: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const since = performance.now()
    await run()
    taken.push(performance.now() - since)
  }
  return median(taken)
}

/** Both have written, and the first has the turn. */
function talking(): [Party, Party] {
  const [alice, bob] = [createParty('bench alice'), createParty('bench bob', 1)]
  const { store, bundle } = takeOneTime(bob.prekeys)
  const hello = sealed(initiated(alice, bob, bundle), 'hello')
  const hi = sealed(opened({ ...bob, prekeys: store }, alice, hello.envelope).self, 'hi')
  return [opened(hello.self, bob, hi.envelope).self, hi.self]
}

/** A round trip, and the bytes of both envelopes. */
function roundTrip([alice, bob]: [Party, Party], offers: boolean): { readonly pair: [Party, Party]; readonly bytes: number } {
  const there = sealed(alice, 'there', { offers })
  const back = sealed(opened(bob, alice, there.envelope).self, 'back')
  return { pair: [opened(there.self, bob, back.envelope).self, back.self], bytes: there.envelope.length + back.envelope.length }
}

/** Round trips with a key and without one by turns, so that both are measured alike; what the first adds. */
function measureSession(): { readonly epochMs: number; readonly partBytes: number } {
  let pair = talking()
  const [taken, bytes]: [number[][], number[]] = [
    [[], []],
    [0, 0],
  ]
  for (let round = 0; round < 2 * (WARM_UP + ROUNDS); round += 1) {
    const at = round % 2
    const since = performance.now()
    const after = roundTrip(pair, at === 1)
    if (round >= 2 * WARM_UP) taken[at]?.push(performance.now() - since)
    pair = after.pair
    bytes[at] = after.bytes
  }
  const [plain, healing] = taken.map(median)
  return { epochMs: (healing ?? 0) - (plain ?? 0), partBytes: (bytes[1] ?? 0) - (bytes[0] ?? 0) }
}

async function platformMs(): Promise<number | undefined> {
  const subtle = crypto.subtle as unknown as Subtle
  const run = async (): Promise<void> => {
    const { privateKey, publicKey } = await subtle.generateKey(KEM, false, ['encapsulateBits', 'decapsulateBits'])
    const imported = await subtle.importKey('raw-public', await subtle.exportKey('raw-public', publicKey), KEM, true, ['encapsulateBits'])
    const { ciphertext } = await subtle.encapsulateBits(KEM, imported)
    await subtle.decapsulateBits(KEM, privateKey, ciphertext)
  }
  try {
    await medianOf(WARM_UP, run)
    return await medianOf(ROUNDS, run)
  } catch {
    return undefined
  }
}

async function dial(): Promise<void> {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()]
  one.onicecandidate = ({ candidate }) => void other.addIceCandidate(candidate ?? undefined)
  other.onicecandidate = ({ candidate }) => void one.addIceCandidate(candidate ?? undefined)
  const channel = one.createDataChannel('')
  const opened = new Promise((resolve) => {
    channel.onopen = resolve
  })
  await one.setLocalDescription(await one.createOffer())
  await other.setRemoteDescription(one.localDescription as RTCSessionDescription)
  await other.setLocalDescription(await other.createAnswer())
  await one.setRemoteDescription(other.localDescription as RTCSessionDescription)
  await opened
  one.close()
  other.close()
}

export async function measureHealing(): Promise<Taken> {
  const nobleKem = (): void => {
    const { publicKey, secret } = kemKeysOf(crypto.getRandomValues(new Uint8Array(64)))
    decapsulate(secret, encapsulate(publicKey, crypto.getRandomValues(new Uint8Array(32)))?.ciphertext ?? new Uint8Array(0))
  }
  return {
    ...measureSession(),
    nobleMs: await medianOf(ROUNDS, nobleKem),
    platformMs: await platformMs(),
    webrtcMs: 'RTCPeerConnection' in globalThis ? await medianOf(DIALS, dial) : undefined,
  }
}
