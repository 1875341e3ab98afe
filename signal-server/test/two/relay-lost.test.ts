// Two real relays, and engines in Node that write to each other through them: under load one of the two is killed and its disk destroyed. Every message
// that a relay had acknowledged is accounted for, and how long nothing came is printed.

import { toHex } from '@kith/protocol'
import { afterAll, expect, test } from 'vitest'
import { startRelay } from '../start-relay.ts'
import { startPerson } from './node-person.ts'
import type { ConversationId } from '@kith/protocol'
import type { StartedRelay } from '../start-relay.ts'
import type { NodePerson } from './node-person.ts'
import type { RelayAddress } from '../../../protocol/src/wire/capability.ts'

const PAUSE_MS_MAX = 5_000
const MESSAGES = 120
const EVERY_MS = 60
const KILLED_AT = 50
const PATIENCE_MS = 60_000

const started: StartedRelay[] = []
const people: NodePerson[] = []
afterAll(async () => {
  await Promise.all(people.map((person) => person.close()))
  await Promise.all(started.map((relay) => relay.kill()))
})

const addressOf = ({ key, port }: StartedRelay): RelayAddress => ({ key, url: `ws://127.0.0.1:${port}` })
const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function until<T>(find: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pass(50)) {
    const found = await find()
    if (found !== undefined) return found
  }
  throw new Error('it never came to that')
}

async function enter(relays: readonly RelayAddress[], image?: Parameters<typeof startPerson>[1]): Promise<NodePerson> {
  const person = await startPerson(relays, image)
  people.push(person)
  return person
}

const usedBy = (writer: NodePerson): string => toHex([...writer.node().peers.values()][0]?.outbox?.relay.key ?? new Uint8Array())

/** Somebody whose home is this one of the relays: half of all devices find so. */
async function enterAt({ key }: StartedRelay, relays: readonly RelayAddress[]): Promise<NodePerson> {
  for (;;) {
    const person = await enter(relays)
    const { home } = await until(() => (person.node().home === undefined ? undefined : person.node()))
    if (home !== undefined && toHex(home.key) === toHex(key)) return person
    people.splice(people.indexOf(person), 1)
    await person.close()
  }
}

/** Two who have met, each of whom knows both relays of the other. */
async function meet(alice: NodePerson, bob: NodePerson): Promise<ConversationId> {
  const made = await alice.engine.createConversation({ text: 'welcome', ref: 'new' })
  if (made.kind !== 'created') throw new Error(made.reason)
  const id = made.conversation
  const link = await until(
    () =>
      new Promise<string | undefined>((resolve) => {
        const watch = alice.engine.watchConversation({ conversation: id, anchor: { kind: 'end' }, before: 10, after: 0 }, (shown) => {
          watch.stop()
          resolve(shown?.invite?.link)
        })
      }),
  )
  await until(async () => ((await bob.engine.openInvite({ link })).kind === 'opened' ? true : undefined))
  await bob.engine.send({ conversation: id, text: 'hello', ref: 'hello' })
  for (const person of [alice, bob])
    await until(() => {
      const [peer] = [...person.node().peers.values()]
      return peer?.spare !== undefined && peer.inbox?.registered === true && peer.inbox.second?.registered === true ? true : undefined
    })
  return id
}

test(
  'one of two relays is destroyed under load: 0 acknowledged messages lost or doubled, and no more than 5 s without any',
  async () => {
    const relays = await Promise.all([startRelay(), startRelay()])
    started.push(...relays)
    const addresses = relays.map(addressOf)
    const [alice, bob] = [await enter(addresses), await enter(addresses)]
    const talk = await meet(alice, bob)
    // Somebody who is away when it happens.
    const victim = relays.find(({ key }) => toHex(key) === usedBy(alice)) as StartedRelay
    const [carol, dave] = [await enter(addresses), await enterAt(victim, addresses)]
    const away = await meet(carol, dave)
    expect([alice, carol].map(usedBy)).toEqual([toHex(victim.key), toHex(victim.key)])
    const daves = await dave.close()
    people.splice(people.indexOf(dave), 1)

    const arrivals: number[] = []
    const seen = new Set<string>()
    bob.engine.watchConversation({ conversation: talk, anchor: { kind: 'end' }, before: 1_000, after: 0 }, (view) => {
      for (const message of view?.messages ?? [])
        if (message.kind === 'text' && !message.mine && !seen.has(message.text)) {
          seen.add(message.text)
          arrivals.push(Date.now())
        }
    })
    let atRelay: readonly string[] = []
    for (let at = 0; at < MESSAGES; at += 1) {
      await Promise.all([
        alice.engine.send({ conversation: talk, text: `talk ${at}`, ref: `talk ${at}` }),
        carol.engine.send({ conversation: away, text: `away ${at}`, ref: `away ${at}` }),
      ])
      if (at === KILLED_AT) {
        await until(async () => {
          const acknowledged = (await carol.texts(away)).filter(({ mine, state }) => mine && state === 'relay')
          atRelay = acknowledged.map(({ text }) => text)
          return acknowledged.length >= KILLED_AT / 2 ? true : undefined
        })
        await victim.kill()
      }
      await pass(EVERY_MS)
    }
    await until(() => (seen.size >= MESSAGES ? true : undefined))
    await until(async () =>
      (await carol.texts(away)).filter(({ text, state }) => text.startsWith('away') && state === 'relay').length >= MESSAGES
        ? true
        : undefined,
    )
    const back = await enter(addresses, daves)
    const found = await until(async () => {
      const texts = (await back.texts(away)).map(({ text }) => text)
      return texts.filter((text) => text.startsWith('away')).length >= MESSAGES ? texts : undefined
    })
    const heard = (await bob.texts(talk)).map(({ text }) => text)
    const pause = Math.max(...arrivals.map((time, at) => (at === 0 ? 0 : time - (arrivals[at - 1] as number))))
    const lost = atRelay.filter((text) => !found.includes(text))
    const doubled = [found, heard].map((texts) => texts.length - new Set(texts).size)
    const line = { acknowledged: atRelay.length, lost: lost.length, doubled, pauseMs: pause }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    expect(atRelay.length).toBeGreaterThanOrEqual(KILLED_AT / 2)
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [0, 0] })
    expect(pause).toBeLessThanOrEqual(PAUSE_MS_MAX)
  },
  3 * PATIENCE_MS,
)
