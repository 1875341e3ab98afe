// @vitest-environment happy-dom
// What is shown of messages with a date, where another tab changes them as well.

import { expect, it, vi } from 'vitest'
import type { ScheduledView, ScheduleOutcome } from '@kith/protocol'
import { CHAT, createFakeEngine, entry, withSetup } from '../testing/index.ts'
import { scheduledWords } from '../scheduled-words.ts'
import { useScheduled } from './useScheduled.ts'

const DUE = Date.now() + 3_600_000
const one = (text: string): ScheduledView => ({ message: entry(text), text, due: DUE, left: true, answers: undefined })

const begin = async (schedule: () => Promise<ScheduleOutcome>) => {
  let there = [one('a')]
  const { result, app } = withSetup(() => useScheduled(CHAT), {
    ...createFakeEngine(),
    readScheduled: () => Promise.resolve(there),
    schedule,
  })
  const settle = () => new Promise((done) => setTimeout(done))
  await settle()
  const change = () => void (there = [one('b')])
  const texts = () => result.waiting.value.map(({ text }) => text)
  return { ...result, app, settle, change, texts }
}

it('is read again where another tab was first, and a sentence says so', async () => {
  const { app, schedule, fault, settle, change, texts } = await begin(() =>
    Promise.resolve({ kind: 'refused', reason: 'unknown-message' } as const),
  )
  expect(texts()).toEqual(['a'])
  change()
  expect(await schedule({ text: 'c', due: DUE, instead: entry('a') })).toBe(false)
  await settle()
  expect([texts(), fault.value]).toEqual([['b'], scheduledWords.refused['unknown-message']])
  app.unmount()
})

it('is read again when somebody comes back to this tab, and by nobody once it is closed', async () => {
  const { app, settle, change, texts } = await begin(() => expect.fail('nothing is scheduled'))
  change()
  const look = vi.spyOn(document, 'visibilityState', 'get')
  for (const state of ['hidden', 'visible'] as const) {
    look.mockReturnValue(state)
    document.dispatchEvent(new Event('visibilitychange'))
    await settle()
    expect(texts()).toEqual([state === 'hidden' ? 'a' : 'b'])
  }
  app.unmount()
})
