import { describe, expect, it } from 'vitest'
import { ANA, ME, entry, message } from '../testing/index.ts'
import { createGroupKeys, GROUP_GAP_MS, toShownState, toTimeline } from './timeline.ts'
import type { AccountId, MessageView } from '@kith/protocol'

const NOON = new Date(2026, 5, 11, 12).getTime()
const DAY = 86_400_000
const plain = { unreadFrom: undefined, waits: false }
const at = (name: string, after: number, mine = false) => message(name, { time: NOON + after, mine })
const kinds = (messages: readonly MessageView[], options: Parameters<typeof toTimeline>[1] = plain): readonly string[] =>
  toTimeline(messages, options).map((item) => (item.kind === 'group' ? `group ${item.notes.map(({ text }) => text).join('+')}` : item.kind))

describe('timeline', () => {
  it('groups what one author writes within five minutes', () => {
    expect(kinds([at('a', 0), at('b', GROUP_GAP_MS - 1)])).toEqual(['day', 'group a+b'])
    expect(kinds([at('a', 0), at('b', GROUP_GAP_MS)])).toEqual(['day', 'group a', 'group b'])
    expect(kinds([at('a', 0), at('b', 1, true)])).toEqual(['day', 'group a', 'group b'])
  })

  it('groups by author where there are several others, and says names above what they write alone', () => {
    const by = (name: string, account: AccountId, after: number) => ({ ...at(name, after), author: { account, name, mine: false } })
    const [a, b, c] = [by('a', ANA, 0), by('b', ME, 1), by('c', ME, 2)]
    expect(kinds([a, b, c])).toEqual(['day', 'group a', 'group b+c'])
    const named: MessageView = { kind: 'system', id: entry('n'), event: 'named', mine: false, name: 'Ana', time: NOON, author: a.author }
    expect(kinds([named])).toEqual([])
  })

  it('shows of several people what the one has that has least', () => {
    const reached = (delivered: number, read: number) => ({ delivered, read, of: 2 })
    expect(toShownState({ state: 'read', reached: reached(2, 2) })).toBe('read')
    expect(toShownState({ state: 'read', reached: reached(2, 1) })).toBe('delivered')
    expect(toShownState({ state: 'read', reached: reached(1, 1) })).toBe('relay')
    expect(toShownState({ state: 'saved', reached: reached(0, 0) })).toBe('saved')
    expect(toShownState({ state: 'read' })).toBe('read')
  })

  it('begins each day once, even when a clock of the other side is behind', () => {
    expect(kinds([at('a', 0), at('b', DAY), at('c', 10), at('d', DAY + 1)])).toEqual([
      'day',
      'group a',
      'day',
      'group b',
      'group c',
      'group d',
    ])
  })

  it('puts the marker before the first unread message, and never inside a group', () => {
    expect(kinds([at('a', 0), at('b', 1)], { ...plain, unreadFrom: entry('b') })).toEqual(['day', 'group a', 'unread', 'group b'])
  })

  it('says why below the last own message that has not arrived', () => {
    const stuck = message('b', { time: NOON + 1, mine: true, state: 'relay' })
    expect(kinds([at('a', 0), stuck, at('c', 2)], { ...plain, waits: true })).toEqual(['day', 'group a', 'group b', 'wait', 'group c'])
  })

  it('keeps system lines apart from notes', () => {
    const joined: MessageView = { kind: 'system', id: entry('s'), event: 'joined', mine: false, name: 'Ana', time: NOON + 1 }
    expect(kinds([at('a', 0), joined, at('b', 2)])).toEqual(['day', 'group a', 'line', 'group b'])
  })

  it('has a line for a message that cannot be read', () => {
    const lost: MessageView = { kind: 'unreadable', id: entry('u'), why: 'broken', mine: false, time: NOON + 1 }
    expect(kinds([at('a', 0), lost, at('b', 2)])).toEqual(['day', 'group a', 'line', 'group b'])
  })

  it('leaves out what the reader has just done themselves', () => {
    const named: MessageView = { kind: 'system', id: entry('s'), event: 'named', mine: false, name: 'Ana', time: NOON }
    expect(kinds([named])).toEqual(['day', 'line'])
    expect(kinds([{ ...named, mine: true }])).toEqual([])
  })

  it('says how they call themselves when that is news, and not when they have just come with that name', () => {
    const joined: MessageView = { kind: 'system', id: entry('j'), event: 'joined', mine: false, name: 'Ana', time: NOON }
    const named: MessageView = { ...joined, id: entry('n'), event: 'named' }
    expect(kinds([joined, named])).toEqual(['day', 'line'])
    expect(kinds([joined, named, { ...named, id: entry('m'), name: 'Anna' }])).toEqual(['day', 'line', 'line'])
  })

  it('keeps the keys of notes when a later message arrives, so that nothing is drawn anew', () => {
    const first = [at('a', 0), at('b', GROUP_GAP_MS + 1)]
    const keys = toTimeline(first, plain).map(({ key }) => key)
    expect(toTimeline([...first, at('c', GROUP_GAP_MS + 2)], plain).map(({ key }) => key)).toEqual(keys)
  })

  it('keeps the key of a group while notes come in at either end or leave, so that what has the focus stays on the page', () => {
    const keep = createGroupKeys()
    const keysOf = (messages: readonly MessageView[], options = plain) =>
      keep(toTimeline(messages, options)).flatMap((item) => (item.kind === 'group' ? [item.key] : []))
    const [a, b, c, d] = [at('a', 0), at('b', 1), at('c', 2), at('d', 3)]
    const [key] = keysOf([b, c])
    expect(keysOf([a, b, c])).toEqual([key])
    expect(keysOf([a, b, c, d])).toEqual([key])
    expect(keysOf([c, d])).toEqual([key])
    const apart = keysOf([c, message('x', { time: NOON + 2.5, mine: true }), d])
    expect(apart[0]).toBe(key)
    expect(new Set(apart).size).toBe(3)
    expect(new Set(keysOf([d, message('x', { time: NOON + 3.5, mine: true }), c])).size).toBe(3)
  })

  it('leaves a group the same object until one of its notes has changed, so that it is not drawn again', () => {
    const keep = createGroupKeys()
    const groupsOf = (messages: readonly MessageView[]) => keep(toTimeline(messages, plain)).filter(({ kind }) => kind === 'group')
    const [a, b, c] = [at('a', 0), at('b', 1), message('c', { time: NOON + 2, mine: true, state: 'saved' })]
    const [first, second] = groupsOf([a, b, c])
    const [again, ticked] = groupsOf([a, b, { ...c, state: 'relay' }])
    expect(again).toBe(first)
    expect(ticked).toMatchObject({ key: second?.key, notes: [{ state: 'relay' }] })
    const [grown] = groupsOf([a, b, at('d', 2)])
    expect(grown).toMatchObject({ key: first?.key, notes: [{ text: 'a' }, { text: 'b' }, { text: 'd' }] })
  })
})
