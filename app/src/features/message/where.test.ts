import { expect, it } from 'vitest'
import { messageWords } from '../message-words.ts'
import { toGroupSteps, toSteps } from './where.ts'

const { where } = messageWords
const told = (state: Parameters<typeof toSteps>[0]) => toSteps(state).map(({ text, isDone }) => [text, isDone])

it('says of each step whether it is proven, and nothing that is not', () => {
  expect(told('saved')).toEqual([
    [where.here, true],
    [where.relayNot, false],
    [where.deviceNot, false],
    [where.readNot, false],
  ])
  expect(told('relay')).toEqual([
    [where.here, true],
    [where.relay, true],
    [where.deviceNot, false],
    [where.readNot, false],
  ])
})

it('does not claim that what arrived is, or was, at the relay', () => {
  for (const state of ['delivered', 'read', 'unreadable'] as const) expect(told(state)[1]).toEqual([where.direct, false])
  expect(told('read').slice(2)).toEqual([
    [where.device, true],
    [where.read, true],
  ])
})

it('says that it came and could not be read', () => {
  expect(told('unreadable').slice(2)).toEqual([
    [where.unreadable, true],
    [where.readNot, false],
  ])
})

it('says of a group with how many of its members a message is', () => {
  const texts = (delivered: number, read: number) =>
    toGroupSteps('delivered', { delivered, read, of: 3 }).map(({ text, isDone }) => [text, isDone])
  expect(texts(2, 0).slice(2)).toEqual([
    ['On a device of 2 of 3 members', false],
    [messageWords.where.readByNobody, false],
  ])
  expect(texts(3, 3).slice(2)).toEqual([
    ['On a device of 3 of 3 members', true],
    ['Read by 3 of 3', true],
  ])
})
