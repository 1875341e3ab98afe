import { expect, it } from 'vitest'
import { conversationView, message, summary } from '../testing/index.ts'
import { lastOwn, toActions } from './actions.ts'

const chat = (changes: Parameters<typeof conversationView>[0] = {}) => ({ ...conversationView(changes), isOver: false })

it('only the author is offered to edit and to delete', () => {
  expect(toActions({ mine: true, text: 'x' }, chat())).toEqual(expect.arrayContaining(['edit', 'delete-everyone']))
  expect(toActions({ mine: false, text: 'x' }, chat())).not.toContain('edit')
  expect(toActions({ mine: false, text: 'x' }, chat())).not.toContain('delete-everyone')
})

it('what is pinned can be unpinned', () => {
  expect(toActions({ mine: false, isPinned: true, text: 'x' }, chat())).toContain('unpin')
  expect(toActions({ mine: false, isPinned: true, text: 'x' }, chat())).not.toContain('pin')
})

it('where nothing reaches anybody, nothing is written', () => {
  for (const over of [{ ...chat(), isOver: true }, chat({ isTooLate: true })])
    expect(toActions({ mine: true, text: 'x' }, over)).toEqual(['copy', 'forward', 'star', 'select', 'info', 'delete-here'])
})

it('whoever has not answered an invitation can answer a message of it, and no more', () => {
  expect(toActions({ mine: false, text: 'x' }, chat({ summary: summary({ phase: 'invited' }) }))).toEqual(['reply', 'copy', 'info'])
})

it('the last own message is written anew, and none that is out of sight', () => {
  const messages = [message('a', { mine: true }), message('b', { mine: true }), message('c')]
  expect(lastOwn(chat({ messages }))).toBe(messages[1])
  expect(lastOwn(chat({ messages, hasNewer: true }))).toBeUndefined()
  expect(lastOwn({ ...chat({ messages }), isOver: true })).toBeUndefined()
})

it('a photo without words can be given some, but neither copied nor edited unasked', () => {
  const photo = message('a', { mine: true, text: '' })
  expect(toActions(photo, chat())).toContain('edit')
  expect(toActions(photo, chat())).not.toContain('copy')
  expect(lastOwn(chat({ messages: [photo] }))).toBeUndefined()
})

it('where a message was deleted, the line that says so can go, and nothing else be done', () => {
  const left = { kind: 'deleted', id: message('a').id, mine: true, time: 0 } as const
  expect(toActions(left, chat())).toEqual(['delete-here'])
  expect(toActions(left, { ...chat(), isOver: true })).toEqual(['delete-here'])
})
