// Clients that came, made a mailbox and wait for what comes: a process of its own, so that the relay's memory is not theirs. Told the relay's
// port and key and how many; says when they are ready to come, comes when it is told to, says what CPU time that took, in ms, then waits until it is ended.

import { once } from 'node:events'
import { fromHex } from '@kith/protocol'
import { createMailboxKit } from '../../signal-server/test/mailbox-keys.ts'
import { createCrowdOfClients } from '../../signal-server/test/relay-client.ts'

const AT_ONCE = 16

const [port, key = '', count] = process.argv.slice(2)
const relay = { port: Number(port), key: fromHex(key) }
const crowd = await createCrowdOfClients()
const kits = Array.from({ length: Number(count) }, createMailboxKit)
process.send?.('ready')
await once(process, 'message')
const before = process.cpuUsage()

async function lane(): Promise<void> {
  for (let kit = kits.pop(); kit !== undefined; kit = kits.pop()) {
    const client = await crowd.connect(relay)
    await client.ask(kit.create)
    const answer = await client.ask({ kind: 'open-mailboxes', proofs: [kit.readProof(client.greeting)] })
    // A client without a mailbox costs less, and is not who is counted here.
    if (answer.kind !== 'mailboxes' || answer.accepted.length === 0) throw new Error(`a mailbox was answered with ${answer.kind}`)
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, lane))
const { user, system } = process.cpuUsage(before)
process.send?.((user + system) / 1_000)
