// Our sender chain against libsignal's sender keys: chain keys, message keys and handouts are the same, what seals a message differs and
// is Signal's here.

import {
  groupDecrypt,
  groupEncrypt,
  PrivateKey,
  processSenderKeyDistributionMessage,
  ProtocolAddress,
  SenderKeyDistributionMessage,
  SenderKeyMessage,
  SenderKeyStore,
} from '@signalapp/libsignal-client'
import { expect, test } from 'vitest'
import { hkdf, openCbc, sealCbc } from './aes.ts'
import { bytesField, numberField, readProtobuf } from './protobuf.ts'
import { chainIdOf, deviceIdOf } from '../protocol/src/bytes/ids.ts'
import { acceptHandout, createChain, handoutOf, keyAt, nextKey } from '../protocol/src/group/sender-chain.ts'
import { seededRandom } from '../protocol/test/vectors/seeded-random.ts'
import type { SenderKeyRecord, Uuid } from '@signalapp/libsignal-client'
import type { ReceivedChain } from '../protocol/src/group/sender-chain.ts'

const VERSION = 3
const SIGNATURE_BYTES = 64
const distribution: Uuid = 'd1d1d1d1-7000-11eb-b32a-33b8a8a487a6'
const sender = ProtocolAddress.new('9d0652a3-dcc3-4d11-975f-74d61598733f', 1)
const device = deviceIdOf(new Uint8Array(32).fill(1))
const MESSAGES = 60

class MemorySenderKeys extends SenderKeyStore {
  private readonly records = new Map<string, SenderKeyRecord>()

  async saveSenderKey(address: ProtocolAddress, id: Uuid, record: SenderKeyRecord): Promise<void> {
    this.records.set(`${address.name()} ${id}`, record)
  }

  async getSenderKey(address: ProtocolAddress, id: Uuid): Promise<SenderKeyRecord | null> {
    return this.records.get(`${address.name()} ${id}`) ?? null
  }
}

const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

function sealKeysOf(messageKey: Uint8Array): { readonly iv: Uint8Array; readonly key: Uint8Array } {
  const bytes = hkdf(messageKey, new Uint8Array(0), 'WhisperGroup', 48)
  return { iv: bytes.slice(0, 16), key: bytes.slice(16) }
}

/** A fifth is left out, and the others come in an order from the seed, within what a window of ten allows. */
function shuffled<T>(items: readonly T[], seed: string): readonly T[] {
  const random = seededRandom(seed)
  return items
    .map((item, at) => ({ item, isLost: (random(1)[0] ?? 0) % 5 === 0, due: at + ((random(1)[0] ?? 0) % 10) }))
    .filter((entry) => !entry.isLost)
    .sort((a, b) => a.due - b.due)
    .map((entry) => entry.item)
}

test('a chain that libsignal hands out opens for us, lost and reordered', async () => {
  const store = new MemorySenderKeys()
  const message = await SenderKeyDistributionMessage.create(sender, distribution, store)
  const acceptance = acceptHandout(
    undefined,
    { chain: chainIdOf(new Uint8Array(16)), step: message.iteration(), key: message.chainKey() },
    device,
  )
  if (acceptance.kind === 'refused') throw new Error(acceptance.reason)
  let held: ReceivedChain = acceptance.received
  const sent: { readonly text: string; readonly bytes: Uint8Array }[] = []
  for (let at = 0; at < MESSAGES; at++) {
    const text = `message ${at}`
    const sealed = await groupEncrypt(sender, distribution, store, owned(new TextEncoder().encode(text)))
    sent.push({ text, bytes: sealed.serialize() })
  }
  for (const { text, bytes } of shuffled(sent, 'libsignal to us')) {
    const fields = readProtobuf(bytes.slice(1, -SIGNATURE_BYTES)) ?? new Map()
    const found = keyAt(held, numberField(fields, 3))
    if (found.kind === 'refused') throw new Error(found.reason)
    const { iv, key } = sealKeysOf(found.key)
    expect(new TextDecoder().decode(openCbc(key, iv, bytesField(fields, 4)))).toBe(text)
    held = found.received
  }
})

test('a chain that we hand out opens for libsignal, lost and reordered', async () => {
  const store = new MemorySenderKeys()
  const signing = PrivateKey.generate()
  const random = seededRandom('our chain')
  let own = nextKey(createChain({ now: 0, random })).own
  const handout = handoutOf(own)
  const message = SenderKeyDistributionMessage._new(VERSION, distribution, 5, handout.step, owned(handout.key), signing.getPublicKey())
  await processSenderKeyDistributionMessage(sender, message, store)
  const sent: { readonly text: string; readonly bytes: Uint8Array }[] = []
  for (let at = 0; at < MESSAGES; at++) {
    const text = `message ${at}`
    const next = nextKey(own)
    own = next.own
    const { iv, key } = sealKeysOf(next.messageKey)
    const ciphertext = owned(sealCbc(key, iv, new TextEncoder().encode(text)))
    sent.push({ text, bytes: SenderKeyMessage._new(VERSION, distribution, 5, next.step, ciphertext, signing).serialize() })
  }
  for (const { text, bytes } of shuffled(sent, 'us to libsignal')) {
    expect(new TextDecoder().decode(await groupDecrypt(sender, store, owned(bytes)))).toBe(text)
  }
})
