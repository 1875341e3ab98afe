import { expect, test } from 'vitest'
import { conversationIdOf, entryIdOf } from '../../bytes/ids.ts'
import { digestOf, readSent, writeSent } from './sent-row.ts'

const conversation = conversationIdOf(new Uint8Array(32).fill(1))
const result = entryIdOf(new Uint8Array(32).fill(2))
const send = { kind: 'send', conversation, text: 'Hello' } as const

test('what a ref did is read back with what it stands for', () => {
  const row = writeSent('one', send, result)
  expect(row).toMatchObject({ kind: 'put', table: 'sent', key: 'one' })
  expect(row.kind === 'put' && readSent(row.value)).toEqual({ result: new Uint8Array(32).fill(2), digest: digestOf(send) })
})

test('a row of an older version says what came of it, and stands for no text', () => {
  const old = new Uint8Array(32).fill(2)
  expect(readSent(old)).toEqual({ result: old, digest: undefined })
})

test('every part of a command counts but the white space around its text', () => {
  const other = conversationIdOf(new Uint8Array(32).fill(3))
  expect(digestOf({ ...send, text: ' Hello\n' })).toEqual(digestOf(send))
  for (const differing of [{ ...send, text: 'Hello.' }, { ...send, conversation: other }, { kind: 'create', text: 'Hello' } as const])
    expect(digestOf(differing)).not.toEqual(digestOf(send))
  expect(digestOf({ kind: 'create', text: undefined })).toEqual(digestOf({ kind: 'create', text: '' }))
})
