import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCodeReader } from './code-reader.ts'
import { READ_MS_MAX } from './limits.ts'
import type { Thread } from './code-reader.ts'
import type { ToDecode } from './decoding.ts'

const picture = () => ({ close: vi.fn(), width: 1, height: 1 }) as unknown as ImageBitmap

/** A thread that answers what it is told to, or hangs. */
class FakeThread extends EventTarget {
  readonly asked: ToDecode[] = []
  readonly terminate = vi.fn()
  readonly #texts: readonly string[] | undefined
  constructor(texts?: readonly string[]) {
    super()
    this.#texts = texts
  }
  postMessage(asked: ToDecode): void {
    this.asked.push(asked)
    if (this.#texts !== undefined)
      queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data: { number: asked.number, texts: this.#texts } })))
  }
}
const started = (...threads: FakeThread[]) => vi.fn(() => threads.shift() as unknown as Thread)
const detector = (detect: () => Promise<readonly { readonly rawValue: string }[]>, formats: readonly string[] = ['qr_code']) =>
  class {
    static getSupportedFormats = () => Promise.resolve(formats)
    detect = detect
  }

describe('reading codes', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('uses what the browser brings, and fetches no library then', async () => {
    const start = started()
    const one = picture()
    const reader = createCodeReader(
      detector(() => Promise.resolve([{ rawValue: 'a' }, { rawValue: 'b' }])),
      start,
    )
    expect(await reader.read(one, [720])).toEqual(['a', 'b'])
    expect(one.close).toHaveBeenCalledOnce()
    expect(start).not.toHaveBeenCalled()
  })

  it('uses the library where the browser brings nothing, nothing for these codes, or what fails', async () => {
    const failing = detector(() => Promise.reject(new DOMException('', 'NotSupportedError')))
    for (const own of [undefined, detector(() => Promise.resolve([]), ['ean_13']), failing]) {
      const thread = new FakeThread(['c'])
      const start = started(thread)
      const reader = createCodeReader(own, start)
      expect(await reader.read(picture(), [720])).toEqual(['c'])
      expect(await reader.read(picture(), [1_600, 800])).toEqual(['c'])
      expect(start, 'one thread for all').toHaveBeenCalledOnce()
      expect(thread.asked.map(({ sides }) => sides)).toEqual([[720], [1_600, 800]])
    }
  })

  it('gives up a thread that hangs, and the next picture gets another', async () => {
    const [first, second] = [new FakeThread(), new FakeThread(['d'])]
    const reader = createCodeReader(undefined, started(first, second))
    const reading = reader.read(picture(), [720])
    await vi.advanceTimersByTimeAsync(READ_MS_MAX - 1)
    expect(first.terminate).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(await reading).toEqual([])
    expect(first.terminate).toHaveBeenCalledOnce()
    expect(await reader.read(picture(), [720])).toEqual(['d'])
  })

  it('says that what reads codes could not be loaded, and asks for it again with the next picture', async () => {
    const [first, second] = [new FakeThread(), new FakeThread(['d'])]
    const reader = createCodeReader(undefined, started(first, second))
    const reading = reader.read(picture(), [720])
    await vi.advanceTimersByTimeAsync(0)
    first.dispatchEvent(new Event('error'))
    expect(await reading).toBeUndefined()
    expect(first.terminate).toHaveBeenCalledOnce()
    expect(await reader.read(picture(), [720])).toEqual(['d'])
  })

  it('starts nothing once it is closed', async () => {
    const thread = new FakeThread(['e'])
    const start = started(thread)
    const reader = createCodeReader(undefined, start)
    await reader.read(picture(), [720])
    reader.close()
    expect(thread.terminate).toHaveBeenCalledOnce()
    const late = picture()
    expect(await reader.read(late, [720])).toEqual([])
    expect(late.close).toHaveBeenCalledOnce()
    expect(start).toHaveBeenCalledOnce()
  })
})
