// What was said before, on its way to a new device of the same person: the newest messages of a chat first, then all of it in order, in blocks, from where
// it had got to when either device went away.

import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../src/bytes/codec.ts'
import { deviceIdOf, toUnixMs } from '../../src/bytes/ids.ts'
import { timelineRow } from '../../src/conversation/timeline-row.ts'
import { newestFrame } from '../../src/host/network/newest.ts'
import { BLOCK_ENTRIES_MAX, FRAME_BYTES_MAX, NEWEST_BYTES_MAX, NEWEST_ENTRIES_MAX, NEWEST_LINES_MAX } from '../../src/limits.ts'
import { readHeader } from '../../src/log/entry.ts'
import { step } from '../../src/node/step.ts'
import { AHEAD_MARKS, aheadRows } from '../../src/node/rows/ahead.ts'
import { frame as frameCodec } from '../../src/wire/frame.ts'
import { nodeOn } from '../simulation/disk.ts'
import { createSeeded } from '../simulation/seeded.ts'
import { link } from './linking-stage.ts'
import { createStage, meet, messages, MINUTE_MS, revive, texts, view } from './stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { NodeState } from '../../src/node/state.ts'
import type { StoreWrite } from '../../src/ports.ts'
import type { Frame, NewestEntry } from '../../src/wire/frame.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

const MANY = 400

/** Both have written, in turn. */
async function talk(stage: Stage, people: readonly Person[], id: ConversationId, count: number): Promise<readonly string[]> {
  const said: string[] = []
  for (let at = 0; at < count; at += 20) {
    const person = people[(at / 20) % people.length] as Person
    const some = Array.from({ length: 20 }, (_, index) => `${person.name} ${at + index}`)
    await stage.done(Promise.all(some.map((text) => person.engine().send({ conversation: id, text, ref: text }))))
    said.push(...some)
    await stage.pass(1_000)
  }
  return said
}

/** Frames that a device is sent from now on, by direct links. */
function watchFrames(stage: Stage, to: Person): readonly Frame[] {
  const frames: Frame[] = []
  const { send } = stage.network.direct
  stage.network.direct.send = (client, device, bytes, kind) => {
    if (device === to.ownDevice() && kind !== 'file-frame') {
      expect(bytes.length).toBeLessThanOrEqual(FRAME_BYTES_MAX)
      frames.push(decode(frameCodec, bytes))
    }
    return send(client, device, bytes, kind)
  }
  return frames
}

const isOfDevices = (value: Uint8Array): boolean => decode(timelineRow, value).content.kind === 'devices'

/** Keys of lines of a chat, in the order in which they were put down, but for that of the device itself, which this one writes when it comes to it. */
function watchLines(person: Person, id: ConversationId, saw?: (keys: ReadonlySet<string>) => void): readonly string[] {
  const keys: string[] = []
  person.refuse = (writes: readonly StoreWrite[]) => {
    for (const write of writes)
      if (write.kind === 'put' && write.table === 'timeline' && write.key.startsWith(id) && !isOfDevices(write.value)) keys.push(write.key)
    saw?.(new Set(keys))
    return undefined
  }
  return keys
}

const entriesIn = (frames: readonly Frame[], id: ConversationId): readonly string[] =>
  frames.flatMap((frame) =>
    frame.kind === 'entries' && frame.conversation === id
      ? frame.entries.flatMap(({ header }) => {
          const read = readHeader(header)
          return read === undefined ? [] : [`${read.header.device}/${read.header.seq}`]
        })
      : [],
  )

describe.each(['direct', 'mailbox'] as const)('a new device (%s)', (how) => {
  test('is shown the newest messages of a chat before all others, and then all of them, each once', async () => {
    const stage = createStage(how)
    const { alice, bob, id } = await meet(stage)
    const said = await talk(stage, [alice, bob], id, MANY)
    alice.crash()
    const tablet = await stage.enter('tablet')
    const keys = watchLines(tablet, id)
    await link(stage, bob, tablet)
    await stage.pass(3 * MINUTE_MS)
    const all = keys.toSorted()
    expect(keys.slice(0, NEWEST_LINES_MAX).toSorted()).toEqual([...new Set(all)].slice(-NEWEST_LINES_MAX))
    expect(await texts(stage, tablet, id)).toEqual(['welcome', 'hello', ...said])
    const left = await Promise.all([tablet.store().read(AHEAD_MARKS), tablet.store().read(aheadRows(id))])
    expect(left).toEqual([[], []])
  })
})

test.each(['direct', 'mailbox'] as const)('a new device says that what was written is on its way, until it knows (%s)', async (how) => {
  const stage = createStage(how)
  const { alice, bob, id } = await meet(stage)
  const said = await talk(stage, [alice, bob], id, MANY)
  alice.crash()
  const tablet = await stage.enter('tablet')
  const shown: (string | boolean | undefined)[] = []
  tablet.engine().watchConversations((views) => {
    const view = views.find((one) => one.id === id)
    if (view !== undefined) shown.push(view.last?.text ?? view.isComing)
  })
  await link(stage, bob, tablet)
  await stage.pass(3 * MINUTE_MS)
  expect(shown[0]).toBe(true)
  expect(shown).not.toContain(undefined)
  expect(shown.at(-1)).toBe(said.at(-1))
  // Nothing is on its way to a device that let go of it.
  await stage.done(bob.engine().clearHistory({ conversation: id }))
  await stage.pass(MINUTE_MS)
  const { summary } = await view(stage, bob, id)
  expect([summary.last, summary.isComing]).toEqual([undefined, undefined])
})

test('what is handed over goes in blocks, as far as the new device keeps up, and nothing of it twice', async () => {
  const stage = createStage('direct')
  const { alice, bob, id } = await meet(stage)
  await talk(stage, [alice, bob], id, MANY)
  alice.crash()
  const tablet = await stage.enter('tablet')
  const frames = watchFrames(stage, tablet)
  await link(stage, bob, tablet)
  await stage.pass(MINUTE_MS)
  const blocks = frames.flatMap((frame) => (frame.kind === 'entries' && frame.conversation === id ? [frame.entries.length] : []))
  expect(Math.max(...blocks)).toBeGreaterThan(BLOCK_ENTRIES_MAX / 2)
  expect(Math.max(...blocks)).toBeLessThanOrEqual(BLOCK_ENTRIES_MAX)
  const sent = entriesIn(frames, id)
  expect(new Set(sent).size).toBe(sent.length)
})

describe('history that either device leaves in the middle', () => {
  test.each(['the new one', 'the old one'])('goes on from there (%s)', async (who) => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const said = await talk(stage, [alice, bob], id, 3 * MANY)
    alice.crash()
    const tablet = await stage.enter('tablet')
    const gone = who === 'the new one' ? tablet : bob
    const keys = watchLines(tablet, id, (lines) => {
      if (lines.size > 2 * NEWEST_LINES_MAX && gone.isUp()) stage.scheduler.after(0, gone.crash)
    })
    await link(stage, bob, tablet).catch(() => undefined)
    await stage.pass(1_000)
    const here = new Set(keys).size
    expect([here >= NEWEST_LINES_MAX, here < said.length, gone.isUp()]).toEqual([true, true, false])
    await stage.pass(5_000)
    const frames = watchFrames(stage, tablet)
    tablet.refuse = undefined
    await revive(stage, gone)
    await stage.pass(2 * MINUTE_MS)
    expect((await messages(stage, tablet, id)).length).toBeGreaterThan(NEWEST_LINES_MAX)
    const lines = await tablet.store().read({ table: 'timeline', from: `${id}/`, to: `${id}/~` })
    const theirs = await bob.store().read({ table: 'timeline', from: `${id}/`, to: `${id}/~` })
    expect(lines.map(({ key }) => key)).toEqual(theirs.map(({ key }) => key))
    const sent = entriesIn(frames, id)
    expect(new Set(sent).size).toBe(sent.length)
    expect(sent.length).toBeLessThan(said.length)
  })
})

describe('what an own device says are the newest messages', () => {
  /** The tablet as it was before it had anything of the chat, and what the old device would show it. */
  async function scene() {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    await talk(stage, [alice, bob], id, 40)
    alice.crash()
    const tablet = await stage.enter('tablet')
    let empty: NodeState | undefined
    tablet.refuse = () => {
      const now = nodeOn(tablet.disk())
      if (now.conversations.get(id)?.log.feeds.size === 3) empty ??= now
      return undefined
    }
    await link(stage, bob, tablet)
    await stage.pass(10_000)
    const frame = await newestFrame({ store: bob.store(), state: () => nodeOn(bob.disk()) }, { conversation: id, to: tablet.ownDevice() })
    if (empty === undefined || frame?.kind !== 'newest') throw new Error('no scene')
    return { state: empty, frame, id, from: bob.ownDevice(), contact: alice.ownDevice(), now: toUnixMs(stage.scheduler.now()) }
  }

  const take = ({ state, now, from }: Awaited<ReturnType<typeof scene>>, frame: Frame, device = from) => {
    const source = { kind: 'link', device, frame: encode(frameCodec, frame) } as const
    const link = step(state, { kind: 'peer-up', device }, { now, random: createSeeded(7).bytes }).state
    const after = step(
      link,
      { kind: 'received', source, frames: [frame], lookups: new Map(), part: 'last' },
      { now, random: createSeeded(7).bytes },
    )
    return {
      lines: after.writes.filter((write) => write.kind === 'put' && write.table === 'timeline').length,
      refused: after.effects.flatMap((effect) => (effect.kind === 'refused' ? [`${effect.what}, ${effect.reason}`] : [])),
      log:
        after.state.conversations.get(frame.kind === 'newest' ? frame.conversation : ('' as ConversationId))?.log ===
        state.conversations.get(frame.kind === 'newest' ? frame.conversation : ('' as ConversationId))?.log,
    }
  }
  const changed = (entry: NewestEntry, change: Partial<NewestEntry>): NewestEntry => ({ ...entry, ...change })

  test('is shown where signatures, hashes and commitments are right, and becomes no part of the log', async () => {
    const given = await scene()
    expect(take(given, given.frame)).toEqual({ lines: 42, refused: [], log: true })
  })

  test('is no more than has room in one frame beside what it is sealed in, the newest of it', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const long = Array.from({ length: 12 }, (_, at) => `${at} ${'word '.repeat(1_500)}`)
    for (const text of long) {
      await stage.done(alice.engine().send({ conversation: id, text, ref: text.slice(0, 8) }))
      await stage.pass(1_000)
    }
    const frame = await newestFrame(
      { store: bob.store(), state: () => nodeOn(bob.disk()) },
      { conversation: id, to: deviceIdOf(new Uint8Array(32)) },
    )
    const said =
      frame?.kind === 'newest' ? frame.entries.flatMap((entry) => (entry.said === undefined ? [] : [entry.said.content.length])) : []
    const bytes = said.reduce((sum, length) => sum + length, 0)
    expect(bytes).toBeGreaterThan(NEWEST_BYTES_MAX / 2)
    expect(bytes).toBeLessThanOrEqual(NEWEST_BYTES_MAX)
    expect(bytes + 7_500).toBeGreaterThan(NEWEST_BYTES_MAX - 8_000)
    expect(said.length).toBeLessThan(long.length)
  })

  test('is not shown where its author did not say it', async () => {
    const given = await scene()
    const { entries } = given.frame
    const at = entries.findIndex(({ said }) => said !== undefined)
    const entry = entries[at] as NewestEntry
    const forged = {
      salt: entry.said?.salt ?? new Uint8Array(32),
      content: (entry.said?.content ?? new Uint8Array(0)).map((byte, index) => (index === 4 ? byte ^ 1 : byte)),
    }
    expect(take(given, { ...given.frame, entries: entries.with(at, changed(entry, { said: forged })) })).toMatchObject({
      lines: 41,
      refused: [],
    })
  })

  test('is refused where a feed is not its author’s: unsigned at its end, with a gap, or of another signature', async () => {
    const given = await scene()
    const { entries } = given.frame
    const [first] = entries as readonly [NewestEntry]
    const device = readHeader(first.header)?.header.device
    const mine = entries.filter(({ header }) => readHeader(header)?.header.device === device)
    const others = entries.filter((entry) => !mine.includes(entry))
    const shown = others.filter(({ said }) => said !== undefined).length
    const last = mine.at(-1) as NewestEntry
    const cases = [
      [...mine.slice(0, -1), changed(last, { signature: undefined })],
      [...mine.slice(0, -1), changed(last, { signature: last.signature?.map((byte) => byte ^ 1) })],
      mine.toSpliced(mine.length - 3, 1),
      mine.toReversed(),
    ]
    for (const feed of cases)
      expect(take(given, { ...given.frame, entries: [...feed, ...others] })).toEqual({
        lines: shown,
        refused: ['newest, signature'],
        log: true,
      })
  })

  test('is refused from a contact, and beyond what one frame may hold', async () => {
    const given = await scene()
    expect(take(given, given.frame, given.contact)).toMatchObject({ lines: 0, refused: ['newest, unknown-conversation'] })
    const many = Array.from({ length: NEWEST_ENTRIES_MAX + 1 }, () => given.frame.entries[0] as NewestEntry)
    expect(() => decode(frameCodec, encode(frameCodec, { ...given.frame, entries: many }))).toThrow()
  })

  test('stands nowhere but in its place once its entry is here', async () => {
    const stage = createStage('direct')
    const { alice, bob, id } = await meet(stage)
    const said = await talk(stage, [alice, bob], id, 40)
    alice.crash()
    const tablet = await stage.enter('tablet')
    const { send } = stage.network.direct
    stage.network.direct.send = (client, device, bytes, kind) => {
      const frame = decode(frameCodec, bytes)
      const moved = (entry: NewestEntry): NewestEntry => changed(entry, { time: entry.time + 5, depth: entry.depth + 1 })
      const sent = frame.kind === 'newest' ? encode(frameCodec, { ...frame, entries: frame.entries.map(moved) }) : bytes
      return send(client, device, sent, kind)
    }
    const keys = watchLines(tablet, id)
    await link(stage, bob, tablet)
    await stage.pass(MINUTE_MS)
    expect(new Set(keys).size).toBeGreaterThan(said.length + 30)
    expect(await texts(stage, tablet, id)).toEqual(['welcome', 'hello', ...said])
  })
})
