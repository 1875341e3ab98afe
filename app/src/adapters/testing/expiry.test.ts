// A message whose time is over, for somebody with all that the disk ever held, the vault key, and the newest secret.

import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { createDevice, MINUTE_MS } from './device.ts'

const BRIEF = 'The zinnwald key hangs behind the quillwort'
const EDITED = 'The ombrellino stays in the vestibule'
const KEPT = 'Nothing of this goes'

afterEach(() => {
  vi.restoreAllMocks()
})

test.each(['while it runs', 'while it is closed'])(
  'an engine whose message goes %s leaves nothing of it that can be read',
  async (when) => {
    const device = createDevice()
    let engine = await device.open()
    const made = await engine.createConversation({ text: KEPT, ref: 'new' })
    if (made.kind !== 'created') throw new Error(made.reason)
    const { conversation } = made
    const sent = await engine.send({ conversation, text: BRIEF, ref: 'brief', ttl: 600 })
    if (sent.kind !== 'saved') throw new Error(sent.reason)
    expect(device.placesOf(BRIEF)).toEqual(['conversations', 'timeline'])
    await engine.edit({ conversation, message: sent.message, text: EDITED })
    expect(device.placesOf(EDITED)).toEqual(['bodies', 'conversations', 'timeline'])
    if (when === 'while it is closed') {
      await engine.close()
      await device.pass(20 * MINUTE_MS)
      engine = await device.open()
    }
    await device.pass(20 * MINUTE_MS)
    expect([...device.placesOf(BRIEF), ...device.placesOf(EDITED)]).toEqual([])
    expect(device.placesOf(KEPT)).toEqual(['conversations', 'timeline'])
    await engine.close()
  },
)
