// A stage for stories: people over stores in memory, the simulated network with the real relay core, and time that only moves when told.

import { expect } from 'vitest'
import { createNetwork } from '../simulation/network.ts'
import { createPerson } from '../simulation/person.ts'
import { createScheduler, passUntilSettled } from '../simulation/scheduler.ts'
import { createSeeded } from '../simulation/seeded.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { ConversationView, MessageView } from '../../src/views.ts'
import type { RelayAnswer } from '../../src/wire/relay.ts'
import type { MemoryFiles } from '../simulation/files.ts'
import type { Person } from '../simulation/person.ts'
import type { SimulatedNetwork } from '../simulation/network.ts'
import type { Scheduler } from '../simulation/scheduler.ts'

export type Stage = {
  readonly scheduler: Scheduler
  readonly network: SimulatedNetwork
  /** Somebody whose engine runs. */
  readonly enter: (name: string, files?: MemoryFiles) => Promise<Person>
  /** Time passes until `promise` settles. */
  readonly done: <T>(promise: Promise<T>) => Promise<T>
  readonly pass: (ms: number) => Promise<void>
}

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000
const PATIENCE_MS = 120_000

/** `how`: whether people find direct ways to each other, or the relay carries everything. */
export function createStage(how: 'direct' | 'mailbox' = 'mailbox', seed = 1, also: readonly string[] = []): Stage {
  const luck = createSeeded(seed)
  const scheduler = createScheduler(1_800_000_000_000)
  const network = createNetwork(scheduler, luck.fork(), undefined, also)
  network.direct.faults = { dials: how === 'direct' ? 1 : 0, linkBreaks: 0 }

  async function done<T>(promise: Promise<T>): Promise<T> {
    if (!(await passUntilSettled(scheduler, promise, { patienceMs: PATIENCE_MS }))) throw new Error('nothing came of it')
    return promise
  }

  async function enter(name: string, files?: MemoryFiles): Promise<Person> {
    const person = createPerson({ name, scheduler, network, luck: luck.fork(), files })
    await done(person.start())
    await scheduler.run(2_000)
    return person
  }

  return { scheduler, network, enter, done, pass: (ms) => scheduler.run(ms) }
}

/** The link of a new conversation. */
export async function invite(stage: Stage, maker: Person, text: string): Promise<{ readonly id: ConversationId; readonly link: string }> {
  const made = await stage.done(maker.engine().createConversation({ text, ref: `new-${text}` }))
  if (made.kind !== 'created') throw new Error(`no conversation: ${made.reason}`)
  await stage.pass(3_000)
  return { id: made.conversation, link: await linkOf(stage, maker, made.conversation) }
}

export async function linkOf(stage: Stage, maker: Person, id: ConversationId): Promise<string> {
  const link = (await view(stage, maker, id)).invite?.link
  if (link === undefined) throw new Error('no link')
  return link
}

export async function open(stage: Stage, guest: Person, link: string): Promise<ConversationId> {
  const opened = await stage.done(guest.engine().openInvite({ link }))
  expect(opened).toMatchObject({ kind: 'opened' })
  if (opened.kind !== 'opened') throw new Error(opened.reason)
  return opened.conversation
}

/** From now on the relay lets everybody claim what somebody has claimed: it lies, or it had lost the claim. */
export function letBothClaim({ network: { relay } }: Stage): void {
  let record: RelayAnswer | undefined
  relay.forge = (asked, answer) => {
    if (asked.kind === 'get-record' && answer.kind === 'record') record = answer
    return asked.kind === 'claim-record' && answer.kind === 'claimed' && record !== undefined ? record : answer
  }
}

/** Alice and Bob after they have met: Bob has said “hello”, and Alice has it. */
export async function meet(
  stage: Stage,
  files: { readonly alice?: MemoryFiles; readonly bob?: MemoryFiles } = {},
): Promise<{ readonly alice: Person; readonly bob: Person; readonly id: ConversationId; readonly link: string }> {
  const [alice, bob] = [await stage.enter('alice', files.alice), await stage.enter('bob', files.bob)]
  const { id, link } = await invite(stage, alice, 'welcome')
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  await stage.pass(5_000)
  expect(await texts(stage, alice, id)).toEqual(['welcome', 'hello'])
  return { alice, bob, id, link }
}

/** Bob has answered an invite of Alice's and said “hello” while she was away: she has nothing of it yet. */
export async function answerWhileAway(
  stage: Stage,
): Promise<{ readonly alice: Person; readonly bob: Person; readonly id: ConversationId; readonly link: string }> {
  const [alice, bob] = [await stage.enter('alice'), await stage.enter('bob')]
  const { id, link } = await invite(stage, alice, 'welcome')
  alice.crash()
  await open(stage, bob, link)
  await say(stage, bob, id, 'hello')
  return { alice, bob, id, link }
}

export async function say(stage: Stage, person: Person, conversation: ConversationId, text: string): Promise<void> {
  const outcome = await stage.done(person.engine().send({ conversation, text, ref: `${person.name} ${text}` }))
  expect(outcome).toMatchObject({ kind: 'saved' })
}

export async function view(stage: Stage, person: Person, id: ConversationId): Promise<ConversationView> {
  const shown = await stage.done(person.look(id))
  if (shown === undefined) throw new Error('no such conversation')
  return shown
}

type Text = Extract<MessageView, { kind: 'text' }>

export const messages = async (stage: Stage, person: Person, id: ConversationId): Promise<readonly Text[]> =>
  (await view(stage, person, id)).messages.flatMap((message) => (message.kind === 'text' ? [message] : []))

export const texts = async (stage: Stage, person: Person, id: ConversationId): Promise<readonly string[]> =>
  (await messages(stage, person, id)).map((message) => message.text)

/** The tick of each own text. */
export const ticks = async (stage: Stage, person: Person, id: ConversationId): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await messages(stage, person, id)).flatMap(({ mine, text, state }) => (mine ? [[text, state]] : [])))

export async function revive(stage: Stage, person: Person): Promise<void> {
  await stage.done(person.start())
  await stage.pass(3_000)
}
