import { describe, expect, test } from 'vitest'
import { parseAnnouncement, parseToClient, parseToEngine } from './channel.ts'

const command = { kind: 'command', client: 'c', engine: 'e', id: 1, name: 'send', argument: { text: 'hello' } }
const watch = { kind: 'watch', client: 'c', engine: 'e', id: 2, name: 'watchApp', query: undefined }

describe('a message to the engine', () => {
  test('is taken when it is whole', () => {
    expect(parseToEngine({ kind: 'hello', client: 'c' })).toEqual({ kind: 'hello', client: 'c' })
    expect(parseToEngine(command)).toEqual(command)
    expect(parseToEngine(watch)).toEqual(watch)
    expect(parseToEngine({ kind: 'unwatch', client: 'c', engine: 'e', id: 2 })).toEqual({
      kind: 'unwatch',
      client: 'c',
      engine: 'e',
      id: 2,
    })
  })

  test.each([
    ['no object', 'hello'],
    ['nothing', null],
    ['no client', { ...command, client: undefined }],
    ['no engine', { ...command, engine: undefined }],
    ['no number', { ...command, id: '1' }],
    ['a command that the engine does not have', { ...command, name: 'close' }],
    ['a command that every object has', { ...command, name: 'toString' }],
    ['a watch under the name of a command', { ...watch, name: 'send' }],
    ['a command under the name of a watch', { ...command, name: 'watchApp' }],
    ['another kind', { ...command, kind: 'order' }],
  ])('is left alone with %s', (_what, data) => {
    expect(parseToEngine(data)).toBeUndefined()
  })
})

describe('a message to a page', () => {
  test('is taken when it is whole', () => {
    for (const message of [
      { kind: 'answer', id: 1, value: 7 },
      { kind: 'views', views: [{ id: 1, view: undefined }] },
      { kind: 'refusal', id: 1, code: 'storage-full', message: 'full' },
      { kind: 'up', version: 1, engine: 'e' },
      { kind: 'opening', version: 1, engine: 'e' },
      { kind: 'failed', code: 'crashed' },
      { kind: 'wipe' },
    ]) {
      expect(parseToClient(message)).toEqual(message)
    }
  })

  test.each([
    ['an answer to nothing', { kind: 'answer', value: 7 }],
    ['a refusal without a known code', { kind: 'refusal', id: 1, code: 'bad', message: '' }],
    ['a failure without a known code', { kind: 'failed', code: 'bad' }],
    ['an engine without a version', { kind: 'up', engine: 'e' }],
    ['views that are no list', { kind: 'views', views: { id: 1, view: 1 } }],
    ['a view of nothing', { kind: 'views', views: [{ id: 1, view: 1 }, { view: 2 }] }],
    ['a watch without its view', { kind: 'views', views: [{ id: 1 }] }],
    ['no object', 7],
  ])('is left alone as %s', (_what, data) => {
    expect(parseToClient(data)).toBeUndefined()
    expect(parseAnnouncement(data)).toBeUndefined()
  })
})
