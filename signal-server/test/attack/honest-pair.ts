// Two devices that write to each other while somebody else attacks their relay: how long a blob takes from the one to the other.

import { setTimeout as pause } from 'node:timers/promises'
import { blobIdOf, hash, prekeysPutStatement, recordIdOf, sign, signingKeyOf } from '@kith/protocol'
import { acknowledgementOf, createMailboxKit, depositOf, randomBlob, shortOf } from '../mailbox-keys.ts'
import { connectClient } from '../relay-client.ts'
import type { RecordId } from '@kith/protocol'
import type { StartedRelay } from '../start-relay.ts'

export type HonestPair = {
  /** Of the reader, for whoever wants to begin a conversation. */
  readonly prekeys: RecordId
  /** Milliseconds from a deposit to its blob at the other device, for so long, one after the other. */
  measure(ms: number): Promise<readonly number[]>
  close(): Promise<unknown>
}

const BETWEEN_MS = 10

export async function createHonestPair(relay: StartedRelay): Promise<HonestPair> {
  const [alice, bob] = await Promise.all([connectClient(relay), connectClient(relay)])
  const kit = createMailboxKit()
  await alice.ask(kit.create)
  await alice.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(alice.greeting)] })
  await bob.ask({ kind: 'bind-mailboxes', proofs: [kit.sendProof(bob.greeting)] })
  const seed = randomBlob(32)
  const prekeys = recordIdOf(randomBlob(32))
  const oneTime = Array.from({ length: 50 }, () => randomBlob(64))
  const put = { record: prekeys, owner: signingKeyOf(seed), serial: 1, reusable: randomBlob(64), oneTime }
  const said = await alice.ask({
    kind: 'put-prekeys',
    ...put,
    signature: sign(seed, prekeysPutStatement(put.record, put.serial, put.reusable, put.oneTime)),
  })
  if (said.kind !== 'done') throw new Error(`prekeys were answered with ${shortOf(said)}`)

  const once = async (): Promise<number> => {
    const blob = randomBlob()
    const since = performance.now()
    const arrival = alice.nextBlob()
    const answer = shortOf(await bob.ask(depositOf(kit.mailbox, blob)))
    if (answer !== 'deposited') throw new Error(`an honest deposit was answered with ${answer}`)
    const id = blobIdOf(hash((await arrival).blob))
    if (id !== blobIdOf(hash(blob))) throw new Error('another blob than the one that was brought')
    const took = performance.now() - since
    await alice.ask(acknowledgementOf(kit.mailbox, [id]))
    return took
  }
  return {
    prekeys,
    async measure(ms) {
      const took: number[] = []
      for (const end = performance.now() + ms; performance.now() < end;) {
        took.push(await once())
        await pause(BETWEEN_MS)
      }
      return took
    },
    close: () => Promise.all([alice.close(), bob.close()]),
  }
}
