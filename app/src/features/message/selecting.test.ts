import { describe, expect, it } from 'vitest'
import { message } from '../testing/index.ts'
import type { Action, TextMessage } from './actions.ts'
import { toCopiedText, toManyActions, toMessages, withTurned, without } from './selecting.ts'

const mine = message('mine', { mine: true, text: 'from me' }) as TextMessage
const theirs = message('theirs', { text: 'from them' }) as TextMessage
const photo = message('photo', { text: '' }) as TextMessage
const can = ({ mine: isMine }: TextMessage): readonly Action[] =>
  isMine ? ['copy', 'forward', 'delete-here', 'delete-everyone'] : ['copy', 'forward', 'delete-here']

describe('several messages that are chosen', () => {
  it('can be deleted for everyone where each of them can', () => {
    expect(toManyActions([mine], can)).toContain('delete-everyone')
    expect(toManyActions([mine, theirs], can)).toEqual(['copy', 'forward', 'delete-here'])
    expect(toManyActions([], can)).toEqual([])
  })

  it('are forwarded where each of them can be, and copied where any has words', () => {
    expect(toManyActions([mine, photo], () => ['delete-here'])).toEqual(['copy', 'delete-here'])
    expect(toManyActions([photo], can)).toEqual(['forward', 'delete-here'])
  })

  it('are copied below each other, with names where they have several authors', () => {
    const name = ({ mine: isMine }: TextMessage) => (isMine ? 'You' : 'Ben')
    expect(toCopiedText([theirs, photo], name)).toBe('from them')
    expect(toCopiedText([theirs, mine], name)).toBe('Ben: from them\n\nYou: from me')
  })

  it('are chosen and let go of one by one, and stay chosen while the page shows others', () => {
    const one = withTurned(new Map(), { ...mine, time: 2 })
    const two = withTurned(one, { ...theirs, time: 1 })
    expect(toMessages(two, []).map(({ id }) => id)).toEqual([theirs.id, mine.id])
    expect(toMessages(two, [{ ...theirs, text: 'put right', time: 1 } as TextMessage])[0]?.text).toBe('put right')
    expect(withTurned(one, mine).size).toBe(0)
    expect([...(without(two, [mine.id])?.keys() ?? [])]).toEqual([theirs.id])
    expect(without(one, [mine.id])).toBeUndefined()
  })
})
