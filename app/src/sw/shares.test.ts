import { describe, expect, it, vi } from 'vitest'
import {
  POSTED_BYTES_MAX,
  SHARE_MS_MAX,
  SHARED_BYTES_MAX,
  SHARED_FILES_MAX,
  SHARED_TEXT_LENGTH_MAX,
  SHARES_KEPT_MAX,
} from '../features/limits.ts'
import { createShares } from './shares.ts'

const ORIGIN = 'https://chat.example.org'

const begin = () => {
  let names = 0
  let time = 0
  const shares = createShares({ origin: ORIGIN, newName: () => `n${++names}`, now: () => time })
  const share = async (fields: readonly (readonly [string, string | File])[]) => {
    const form = new FormData()
    for (const [name, value] of fields) form.append(name, value)
    const response = await shares.take(posted(async () => form))
    return { response, name: response.headers.get('location')?.split('#shared/')[1] }
  }
  return { shares, share, pass: (ms: number) => (time += ms) }
}
const posted = (formData: () => Promise<FormData>) => ({ formData, headers: new Headers(), body: null })
const file = (size: number, name = 'a.txt') => new File([new Uint8Array(size)], name)

describe('what is shared', () => {
  it('is answered with a page that names it behind #, and given away once', async () => {
    const { shares, share } = begin()
    const picture = file(3, 'sea.jpg')
    const { response, name } = await share([
      ['title', 'Sea'],
      ['text', ' Look '],
      ['url', 'https://example.org/sea'],
      ['files', picture],
    ])
    expect([response.status, response.headers.get('location')]).toEqual([303, `${ORIGIN}/#shared/n1`])
    expect(shares.give(name)).toEqual({ text: 'Sea\nLook\nhttps://example.org/sea', files: [picture] })
    expect(shares.give(name)).toBeUndefined()
  })

  it('says each thing once', async () => {
    const { shares, share } = begin()
    const { name } = await share([
      ['title', 'Sea'],
      ['text', 'Sea: https://example.org'],
      ['url', 'https://example.org'],
    ])
    expect(shares.give(name)).toEqual({ text: 'Sea: https://example.org', files: [] })
    expect(
      shares.give(
        (
          await share([
            ['text', 'a'],
            ['url', 'a'],
          ])
        ).name,
      ),
    ).toEqual({ text: 'a', files: [] })
  })

  it('is text and files, whatever else stands in the form', async () => {
    const { shares, share } = begin()
    const { name } = await share([
      ['files', file(0, '')],
      ['text', file(1)],
      ['files', '<b>x</b>'],
      ['to', 'Ana'],
      ['send', 'now'],
    ])
    expect(shares.give(name)).toEqual({ text: '', files: [] })
  })

  it.each([
    ['letters', [['text', 'a'.repeat(SHARED_TEXT_LENGTH_MAX)]], [['text', 'a'.repeat(SHARED_TEXT_LENGTH_MAX + 1)]]],
    [
      'files',
      Array.from({ length: SHARED_FILES_MAX }, () => ['files', file(1)]),
      Array.from({ length: SHARED_FILES_MAX + 1 }, () => ['files', file(1)]),
    ],
  ] as const)('may have so many %s and no more', async (_, most, more) => {
    const { shares, share } = begin()
    expect(shares.give((await share(most as never)).name)).not.toBe('too-much')
    expect(shares.give((await share(more as never)).name)).toBe('too-much')
  })

  it('may have so many bytes and no more', async () => {
    const { shares } = begin()
    const of = async (size: number) => {
      const large = Object.defineProperty(file(1), 'size', { value: size })
      const form = { getAll: (name: string) => (name === 'files' ? [large] : []) } as unknown as FormData
      return shares.give((await shares.take(posted(async () => form))).headers.get('location')?.split('#shared/')[1])
    }
    expect(await of(SHARED_BYTES_MAX)).not.toBe('too-much')
    expect(await of(SHARED_BYTES_MAX + 1)).toBe('too-much')
  })

  it('attack: is not read where it says itself that it is too long', async () => {
    const { shares } = begin()
    const take = async (length: number) => {
      const formData = vi.fn(async () => new FormData())
      const headers = new Headers({ 'content-length': String(length) })
      const { headers: answered } = await shares.take({ formData, headers, body: null })
      return [shares.give(answered.get('location')?.split('#shared/')[1]), formData.mock.calls.length]
    }
    expect(await take(POSTED_BYTES_MAX)).toEqual([{ text: '', files: [] }, 1])
    expect(await take(POSTED_BYTES_MAX + 1)).toEqual(['too-much', 0])
  })

  it('attack: is read no further than its bound where it does not say how long it is', async () => {
    const { shares } = begin()
    let pulled = 0
    // Each part stands for a part of this length: nobody waits here for two gigabytes.
    const part = Object.defineProperty(new Uint8Array(1), 'length', { value: SHARED_BYTES_MAX / 4 })
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull(controller) {
          pulled += 1
          controller.enqueue(part)
        },
      },
      { highWaterMark: 0 },
    )
    const headers = new Headers({ 'content-type': 'multipart/form-data; boundary=x' })
    const { headers: answered } = await shares.take({ formData: () => Promise.reject(new Error('read whole')), headers, body })
    expect(shares.give(answered.get('location')?.split('#shared/')[1])).toBe('too-much')
    expect(pulled).toBeLessThan(10)
  })

  it('is read as a form where it does not say how long it is', async () => {
    const { shares } = begin()
    const form = new FormData()
    form.append('text', 'Sea')
    const { body, headers } = new Response(form)
    const { headers: answered } = await shares.take({ formData: () => Promise.reject(new Error('read whole')), headers, body })
    expect(shares.give(answered.get('location')?.split('#shared/')[1])).toEqual({ text: 'Sea', files: [] })
  })

  it('attack: is no text where nothing of it would be seen', async () => {
    const { shares, share } = begin()
    const { name } = await share([
      ['title', '\u0000\u0001\u0002'],
      ['text', '\u200b'],
    ])
    expect(shares.give(name)).toEqual({ text: '', files: [] })
  })

  it('is kept for so long, and of many the newest', async () => {
    const { shares, share, pass } = begin()
    const { name } = await share([['text', 'a']])
    pass(SHARE_MS_MAX + 1)
    expect(shares.give(name)).toBeUndefined()
    const all = []
    for (let at = 0; at <= SHARES_KEPT_MAX; at += 1) all.push((await share([['text', String(at)]])).name)
    expect(all.map((one) => shares.give(one) !== undefined)).toEqual([false, ...all.slice(1).map(() => true)])
  })

  it('is nothing where the form cannot be read', async () => {
    const { shares } = begin()
    const broken = await shares.take(posted(() => Promise.reject(new TypeError('no form'))))
    expect(shares.give(broken.headers.get('location')?.split('#shared/')[1])).toEqual({ text: '', files: [] })
    expect([shares.give(undefined), shares.give({}), shares.give('n9')]).toEqual([undefined, undefined, undefined])
  })
})

describe('a share', () => {
  const request = { method: 'POST', mode: 'navigate', destination: 'document', url: `${ORIGIN}/share` } as const
  it.each([
    [{}, true],
    [{ url: `${ORIGIN}/share?a=b` }, true],
    [{ method: 'GET' }, false],
    [{ mode: 'cors' }, false],
    [{ destination: 'iframe' }, false],
    [{ url: 'https://evil.example/share' }, false],
    [{ url: `${ORIGIN}/shared` }, false],
  ])('is a page that is posted here, and nothing else: %j', (changed, is) =>
    expect(begin().shares.isShare({ ...request, ...changed } as never)).toBe(is),
  )
})
