// Somebody who has copied disks of a pair, and overhears everything that the two write to each other from then on: what of it can be read?

import { decode } from '../../src/bytes/codec.ts'
import { peerRow } from '../../src/host/records/people.ts'
import { parsePayload } from '../../src/session/payload.ts'
import { createThief } from '../vectors/thief.ts'
import { conversationOn, nodeOn } from './disk.ts'
import type { ChainId, ConversationId } from '../../src/bytes/ids.ts'
import type { Peer } from '../../src/node/state.ts'
import type { Person } from './person.ts'

export type Spy = {
  /** Takes in what has been sealed since; often enough, none of it is missed. */
  readonly listen: () => void
  /** Whether what `writer` has written last can be read. */
  readonly reads: (writer: Person) => boolean
}

/** `robbed`: whose disks are copied, as they are now. `isQuantum`: what X25519 hides is found out. */
type Robbery = { readonly robbed: readonly string[]; readonly isQuantum: boolean }

export function spyOn(id: ConversationId, people: readonly Person[], { robbed, isQuantum }: Robbery): Spy {
  const nodes = people.filter(({ name }) => robbed.includes(name)).map((person) => [person.name, nodeOn(person.disk())] as const)
  const thief = createThief(
    new Map(
      nodes.flatMap(([name, { peers }]) => [...peers.values()].flatMap(({ pairing }) => (pairing ? [[name, pairing] as const] : []))),
    ),
  )
  const held = nodes.flatMap(([, { conversations }]) =>
    [...(conversations.get(id)?.chains.entries() ?? [])].flatMap(([, chains]) => chains),
  )
  const chains = new Set<ChainId>(held.map(({ chain }) => chain))
  const heard = new Set<string>()
  const rows = new Map<string, Uint8Array>()

  function changedPeers({ name, disk }: Person): readonly Peer[] {
    const found = [...(disk().tables.get('peers') ?? [])].filter(([key, { value }]) => rows.get(`${name} ${key}`) !== value)
    for (const [key, { value }] of found) rows.set(`${name} ${key}`, value)
    return found.map(([, { value }]) => decode(peerRow, value))
  }

  function hear(person: Person, isNew: (envelope: Uint8Array, secret: Uint8Array | undefined) => void): void {
    for (const { envelopes, pairing } of changedPeers(person))
      for (const { envelope } of envelopes) {
        const name = String(envelope)
        if (!heard.has(name)) isNew(envelope, isQuantum ? pairing?.sessions[0]?.ratchet.ours?.secret : undefined)
        heard.add(name)
      }
  }

  function take(from: Person, envelope: Uint8Array, secret?: Uint8Array): void {
    const said = thief.hear(from.name, envelope, secret)
    for (const item of (said && parsePayload(said)) ?? []) if (item.kind === 'chain') chains.add(item.handout.chain)
  }

  // What was under way already has changed its writer's state already.
  for (const person of people) hear(person, (envelope) => take(person, envelope))
  return {
    listen: () => {
      for (const person of people) hear(person, (envelope, secret) => take(person, envelope, secret))
    },
    reads: (writer) => chains.has(conversationOn(writer, id)?.chain.chain as ChainId),
  }
}
