import { describe, expect, it } from 'vitest'
import { deviceWords } from '../device-words.ts'
import { toAloneLines } from './alone-lines.ts'

const { alone } = deviceWords

describe('what is said before an own device goes', () => {
  it('is nothing where all that it has is elsewhere, and that is known', () => {
    for (const side of ['here', 'there'] as const)
      expect(toAloneLines({ entries: 0, chats: 0, isKnown: true, others: 1 }, side).isSafe).toBe(true)
  })

  it('says in numbers what it alone has, and what to do', () => {
    const { isSafe, texts } = toAloneLines({ entries: 412, chats: 3, isKnown: true, others: 1 }, 'there')
    expect(isSafe).toBe(false)
    expect(texts).toHaveLength(2)
    expect(texts[0]).toContain('412 ')
    expect(texts[0]).toContain('3 chats')
    expect(texts[1]).toBe(alone.thereWhat)
    expect(toAloneLines({ entries: 1, chats: 1, isKnown: true, others: 1 }, 'here').texts[0]).toContain('1 chat')
  })

  it('says that it is not known where it is not, whatever is known besides', () => {
    expect(toAloneLines({ entries: 0, chats: 0, isKnown: false, others: 1 }, 'there').texts).toEqual([alone.thereUnknown, alone.thereWhat])
    expect(toAloneLines({ entries: 0, chats: 0, isKnown: false, others: 2 }, 'here').texts).toEqual([alone.hereUnknown, alone.hereWhat])
    expect(toAloneLines({ entries: 5, chats: 2, isKnown: false, others: 1 }, 'there').texts).toHaveLength(3)
  })

  it('says of an only device that there is no other to wait for', () => {
    expect(toAloneLines({ entries: 9, chats: 2, isKnown: true, others: 0 }, 'here').texts.at(-1)).toBe(alone.hereOnly)
  })

  it('leaves no place unfilled', () => {
    for (const side of ['here', 'there'] as const)
      for (const text of toAloneLines({ entries: 2, chats: 2, isKnown: false, others: 1 }, side).texts) expect(text).not.toContain('{')
  })
})
