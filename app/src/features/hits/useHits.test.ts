// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import type { SearchHit, SearchOutcome, SearchQuery } from '@kith/protocol'
import { ANA, CHAT, createFakeEngine, entry, withSetup } from '../testing/index.ts'
import { HITS_AT_ONCE, HITS_PER_ANSWER_MAX, LOOK_AGAIN_MS, TYPING_MS } from './limits.ts'
import { useHits } from './useHits.ts'
import type { Question } from './useHits.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** As many as the list shows, and one chat. */
const [HITS_SHOWN_MAX, MATCHES_MAX] = [400, 1_000]

const hit = (name: string): SearchHit => ({
  conversation: CHAT,
  message: entry(name),
  account: ANA,
  mine: false,
  time: 0,
  orderKey: name,
  text: name,
  marks: [],
})
const foundAll = (...names: readonly string[]): SearchOutcome => ({ kind: 'found', hits: names.map(hit), next: undefined, isWhole: true })

const ask = (answer: (query: SearchQuery) => Promise<SearchOutcome>, max = HITS_SHOWN_MAX) => {
  const question = shallowRef<Question | undefined>()
  const search = vi.fn(answer)
  const engine = { ...createFakeEngine(), search }
  const mounted = withSetup(() => useHits(() => question.value, { max }), engine)
  const names = () => mounted.result.found.value.hits.map(({ text }) => text)
  return { ...mounted, question, search, names, found: mounted.result.found }
}
const typed = () => vi.advanceTimersByTimeAsync(TYPING_MS)

it('what was deleted goes within a second, and what is new comes', async () => {
  let there = foundAll('a', 'b')
  const { question, names, found } = ask(() => Promise.resolve(there))
  question.value = { text: 'x' }
  await typed()
  expect([found.value.state, names()]).toEqual(['found', ['a', 'b']])
  there = foundAll('c', 'b')
  await vi.advanceTimersByTimeAsync(900)
  expect(names()).toEqual(['c', 'b'])
})

it('what happens to the chats is looked up at once, one answer at a time, and the last one has it', async () => {
  const answers: ((outcome: SearchOutcome) => void)[] = []
  const { question, search, names, result } = ask(() => new Promise((resolve) => answers.push(resolve)))
  question.value = { text: 'x' }
  await typed()
  for (let times = 0; times < 5; times += 1) {
    result.lookSoon()
    await typed()
  }
  expect(search, 'while the first is read').toHaveBeenCalledOnce()
  answers[0]?.(foundAll('before'))
  await typed()
  answers[1]?.(foundAll('after'))
  await vi.advanceTimersByTimeAsync(0)
  expect(names()).toEqual(['after'])
})

it('an answer that another question has overtaken is let go', async () => {
  const answers: ((outcome: SearchOutcome) => void)[] = []
  const { question, names } = ask(() => new Promise((resolve) => answers.push(resolve)))
  question.value = { text: 'slow' }
  await typed()
  question.value = { text: 'quick' }
  await typed()
  answers[1]?.(foundAll('quick'))
  await vi.advanceTimersByTimeAsync(0)
  answers[0]?.(foundAll('slow'))
  await vi.advanceTimersByTimeAsync(0)
  expect(names()).toEqual(['quick'])
})

it.each([
  ['the list', HITS_SHOWN_MAX],
  ['one chat', MATCHES_MAX],
])('more are read in %s, behind those that are there, and no more than are shown', async (_where, max) => {
  const { question, search, result, names } = ask(
    ({ limit, before }) =>
      Promise.resolve({
        kind: 'found',
        hits: Array.from({ length: limit }, (_, at) => hit(`${before ?? ''}${at}`)),
        next: `${before ?? ''}+`,
        isWhole: true,
      }),
    max,
  )
  question.value = { text: 'x' }
  await typed()
  expect([names().length, result.found.value.hasMore, result.isFull()]).toEqual([HITS_AT_ONCE, true, false])
  while (!result.isFull()) await result.more()
  expect(names()).toHaveLength(max)
  expect(Math.max(...search.mock.calls.map(([query]) => query.limit))).toBe(HITS_PER_ANSWER_MAX)
  expect(search.mock.calls.at(-1)?.[0].before).toMatch(/^\++$/)
})

it('says that it failed, and is well again with the next look', async () => {
  let isWell = false
  const { question, found, names } = ask(() => (isWell ? Promise.resolve(foundAll('a')) : Promise.reject(new Error('gone'))))
  question.value = { text: 'x' }
  await typed()
  expect(found.value.state).toBe('failed')
  isWell = true
  await vi.advanceTimersByTimeAsync(LOOK_AGAIN_MS)
  expect(names()).toEqual(['a'])
})

it('asks nothing while there is nothing to ask, and nothing any more once it has gone', async () => {
  const { question, search, app } = ask(() => Promise.resolve(foundAll()))
  await vi.advanceTimersByTimeAsync(5_000)
  expect(search).not.toHaveBeenCalled()
  question.value = { text: 'x' }
  await typed()
  app.unmount()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(search).toHaveBeenCalledOnce()
})
