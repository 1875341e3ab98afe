import { describe, expect, test } from 'vitest'
import { COMMANDS } from '@kith/protocol'
import { parseAnnouncement, parseCall, parseToClient, parseToEngine } from './channel.ts'

const join = { client: 'c', engine: 'e', attempt: 1 }
const command = { kind: 'command', id: 1, name: 'send', input: { text: 'hello' } }
const watch = { kind: 'watch', id: 2, name: 'watchApp', query: undefined }
const move = { kind: 'move', id: 2, window: { anchor: { kind: 'end' }, before: 1, after: 0 } }

describe('a call', () => {
  test('is heard when it is whole', () => {
    for (const call of [
      { kind: 'hello', client: 'c' },
      { kind: 'line', join },
    ])
      expect(parseCall(call)).toEqual(call)
  })

  test.each([
    ['no object', 'hello'],
    ['no client', { kind: 'hello' }],
    ['no line', { kind: 'line' }],
    ['a line to nobody', { kind: 'line', join: { ...join, engine: 1 } }],
    ['a line without a number', { kind: 'line', join: { ...join, attempt: '1' } }],
    ['a command, which belongs on a line', command],
  ])('is left alone with %s', (_what, data) => {
    expect(parseCall(data)).toBeUndefined()
  })
})

describe('a message to the engine', () => {
  test('is taken when it is whole', () => {
    for (const message of [{ kind: 'hello' }, command, watch, move, { kind: 'unwatch', id: 2 }])
      expect(parseToEngine(message, COMMANDS)).toEqual(message)
  })

  test.each([
    ['no object', 'hello'],
    ['nothing', null],
    ['no number', { ...command, id: '1' }],
    ['a command that the engine does not have', { ...command, name: 'close' }],
    ['a command that every object has', { ...command, name: 'toString' }],
    ['a watch under the name of a command', { ...watch, name: 'send' }],
    ['a command under the name of a watch', { ...command, name: 'watchApp' }],
    ['nowhere to move', { ...move, window: undefined }],
    ['another kind', { ...command, kind: 'order' }],
  ])('is left alone with %s', (_what, data) => {
    expect(parseToEngine(data, COMMANDS)).toBeUndefined()
  })
})

describe('a message to a page', () => {
  test('is taken when it is whole', () => {
    for (const message of [
      { kind: 'answer', id: 1, value: 7 },
      { kind: 'joined' },
      { kind: 'views', views: [{ id: 1, change: { kind: 'all', view: undefined } }] },
      { kind: 'refusal', id: 1, code: 'storage-full', message: 'full' },
    ]) {
      expect(parseToClient(message)).toEqual(message)
    }
  })

  test('is an announcement to all when it is whole', () => {
    for (const message of [
      { kind: 'up', version: 1, engine: 'e' },
      { kind: 'opening', version: 1, engine: 'e' },
      { kind: 'failed', code: 'crashed' },
      { kind: 'wipe' },
    ]) {
      expect(parseAnnouncement(message)).toEqual(message)
    }
  })

  test.each([
    ['an answer to nothing', { kind: 'answer', value: 7 }],
    ['a refusal without a known code', { kind: 'refusal', id: 1, code: 'bad', message: '' }],
    ['a failure without a known code', { kind: 'failed', code: 'bad' }],
    ['an engine without a version', { kind: 'up', engine: 'e' }],
    ['views that are no list', { kind: 'views', views: { id: 1, change: { kind: 'all', view: 1 } } }],
    ['a view of nothing', { kind: 'views', views: [{ id: 1, change: { kind: 'all', view: 1 } }, { change: { kind: 'all', view: 2 } }] }],
    ['a watch without its view', { kind: 'views', views: [{ id: 1 }] }],
    ['no object', 7],
  ])('is left alone as %s', (_what, data) => {
    expect(parseToClient(data)).toBeUndefined()
    expect(parseAnnouncement(data)).toBeUndefined()
  })
})
