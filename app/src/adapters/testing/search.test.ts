// What the search index says of a message that was deleted, for somebody with all that the disk ever held, the vault key, and the newest secret.

import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { createDevice, MINUTE_MS } from './device.ts'

const SECRET = 'The zinnwald key hangs behind the quillwort'
/** Terms lie in a block one behind the other, without the letters that they share with the one before: of these words all but the first. */
const TRACES = ['innwald', 'uillwort']
const KEPT = 'The ombrellino stays in the vestibule'
const KEPT_TRACE = 'mbrellino'
const SECOND_MS = 1_000

afterEach(() => {
  vi.restoreAllMocks()
})

test.each(['is deleted', 'goes after its time', 'goes with its chat'] as const)(
  'the index says nothing of a message a second after it %s',
  async (how) => {
    const device = createDevice()
    const before = await device.open()
    const made = await before.createConversation({ text: KEPT, ref: 'kept' })
    const other = await before.createConversation({ text: 'Another chat', ref: 'other' })
    if (made.kind !== 'created' || other.kind !== 'created') throw new Error('no chats')
    const { conversation } = how === 'goes with its chat' ? other : made
    const sent = await before.send({ conversation, text: SECRET, ref: 'secret', ...(how === 'goes after its time' ? { ttl: 600 } : {}) })
    if (sent.kind !== 'saved') throw new Error(sent.reason)
    await before.close()
    // What was there before the index is read into it; of the newest messages it would know nothing but their places.
    const engine = await device.open({ search: true })
    await engine.search({ text: 'loads it', limit: 1 })
    await device.pass(SECOND_MS, SECOND_MS / 50)
    for (const trace of [...TRACES, KEPT_TRACE]) expect(device.placesOf(trace)).toContain('index')
    expect(await engine.search({ text: 'quillwort', limit: 10 })).toMatchObject({
      hits: [{ message: sent.message, text: SECRET }],
      isWhole: true,
    })

    if (how === 'is deleted') await engine.deleteMessage({ conversation, message: sent.message })
    if (how === 'goes after its time') await device.pass(10 * MINUTE_MS, SECOND_MS)
    if (how === 'goes with its chat')
      await Promise.all([engine.removeConversation({ conversation }), device.pass(3 * MINUTE_MS, SECOND_MS)])
    expect(await engine.search({ text: 'quillwort', limit: 10 })).toMatchObject({ hits: [], isWhole: true })
    await device.pass(SECOND_MS, SECOND_MS / 50)
    for (const trace of TRACES) expect(device.placesOf(trace)).toEqual([])
    expect(device.placesOf(KEPT_TRACE)).toContain('index')
    expect(await engine.search({ text: 'ombrell', limit: 10 })).toMatchObject({ hits: [{ text: KEPT }], isWhole: true })
    await engine.close()
  },
)
