// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { SHARE_GIVEN_MS_MAX } from '../limits.ts'
import { askShared } from './ask-shared.ts'
import { takeShared } from './index.ts'

const NAME = '0b9cf1a4-9d5e-4c3f-8a54-2d0f6f3f9c11'
const workerThat = (answer: unknown) => ({
  postMessage: (_: unknown, ports: readonly MessagePort[]) => ports[0]?.postMessage(answer),
})
const ask = (answer: unknown) => askShared(NAME, workerThat(answer) as never)

it('has what was shared handed over, as words without hidden letters', async () => {
  expect(await ask({ text: `hi \u0002${'\u0004'.repeat(64)}@Ana\u0003\nthere`, files: [] })).toEqual({ text: 'hi @Ana\nthere', files: [] })
  expect(await ask('too-much')).toBe('too-much')
})

it.each([
  undefined,
  null,
  {},
  { text: '', files: [] },
  { text: '\u0001\u0002\u0007\n', files: [] },
  { text: 'a' },
  { text: 1, files: [] },
  'else',
])('says that it is gone where the service worker has nothing that it could be: %j', async (answer) =>
  expect(await ask(answer)).toBe('gone'),
)

it('says so too where no service worker is there, or none answers in time', async () => {
  expect(await askShared(NAME, null)).toBe('gone')
  vi.useFakeTimers()
  let answer: unknown
  void askShared(NAME, { postMessage: () => undefined } as never).then((said) => (answer = said))
  await vi.advanceTimersByTimeAsync(SHARE_GIVEN_MS_MAX - 1)
  expect(answer).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(answer).toBe('gone')
  vi.useRealTimers()
})

it('takes its name out of the address, and nothing else', () => {
  const at = (address: string) => {
    window.history.replaceState(null, '', address)
    const name = takeShared()
    return [name, window.location.pathname + window.location.hash]
  }
  expect(at(`/#shared/${NAME}`)).toEqual([NAME, '/'])
  expect(at('/#shared/x')).toEqual([undefined, '/#shared/x'])
  expect(at('/#i/AQ')).toEqual([undefined, '/#i/AQ'])
})
