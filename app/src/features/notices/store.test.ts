import { beforeEach, describe, expect, it } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { NOTICES_MAX } from '../limits.ts'
import { useNotices } from './store.ts'

beforeEach(() => setActivePinia(createPinia()))

const textsOf = (): readonly string[] => useNotices().notices.map(({ text }) => text)

describe('notices', () => {
  it('are a few at once, and the oldest gives way', () => {
    const texts = Array.from({ length: NOTICES_MAX + 1 }, (_, at) => `notice ${at}`)
    for (const text of texts.slice(0, -1)) useNotices().show(text)
    expect(textsOf()).toEqual(texts.slice(0, -1))
    useNotices().show(texts.at(-1) ?? '')
    expect(textsOf()).toEqual(texts.slice(1))
  })

  it('say the same thing once', () => {
    for (const text of ['again', 'other', 'again']) useNotices().show(text)
    expect(textsOf()).toEqual(['other', 'again'])
  })
})
