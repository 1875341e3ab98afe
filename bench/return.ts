// What coming back costs an engine: messages were written one by one while it was away, each a deposit of its own. CPU of the engine that
// returns and of the relay's core, and how many commits and calls it took, which no load of the machine changes.

import { cpuMs, createSimulatedPeople } from './simulated-people.ts'
import type { ConversationId, EntryId } from '../protocol/src/bytes/ids.ts'
import type { RelayRequest } from '../protocol/src/wire/relay.ts'
import type { Person } from '../protocol/test/simulation/person.ts'
import type { RelayClient } from '../protocol/test/simulation/relay-path.ts'

const MESSAGES = 1_000
const PATIENCE_MS = 1_200_000

const { scheduler, network, enter, befriend, waitFor, until } = createSimulatedPeople(PATIENCE_MS)

async function main(): Promise<void> {
  network.direct.faults = { dials: 0, linkBreaks: 0 }
  const [ana, ben] = [await enter('ana'), await enter('ben')]
  const conversation = await befriend(ana, ben)
  const device = ana.device()
  ana.crash()
  const asked = countRequests()
  const last = await writeOneByOne(ben, conversation)
  const deposits = asked.filter(({ kind }) => kind === 'deposit').length
  ben.crash()
  asked.length = 0
  let commits = 0
  ana.refuse = () => void (commits += 1)
  const cpu = process.cpuUsage()
  await waitFor(ana.start())
  await until(() => ana.hasOnDisk(last))
  await scheduler.run(1_000)
  const spentMs = cpuMs(cpu)
  const calls = asked.filter((one) => one.device === device).length
  console.log(JSON.stringify({ bench: 'return', messages: MESSAGES, deposits, cpuMs: Math.round(spentMs), commits, calls }))
  process.exit(0)
}

/** The last message's entry. Each is at the relay before the next is written. */
async function writeOneByOne(ben: Person, conversation: ConversationId): Promise<EntryId> {
  for (let at = 0; at < MESSAGES; at += 1) {
    ben.say(conversation, `message ${at}: some words, about as many as people write in one message`)
    await until(() => ben.waiting() === 0)
    await scheduler.run(200)
  }
  await scheduler.run(5_000)
  return [...ben.saved.values()].at(-1) as EntryId
}

function countRequests(): { readonly kind: RelayRequest['kind']; readonly device: string }[] {
  const seen: { readonly kind: RelayRequest['kind']; readonly device: string }[] = []
  const { request } = network.relay
  Object.assign(network.relay, {
    request: (client: RelayClient, asked: RelayRequest) => {
      seen.push({ kind: asked.kind, device: client.device })
      return request(client, asked)
    },
  })
  return seen
}

await main()
