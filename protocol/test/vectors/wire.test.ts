// A byte that changes here breaks the talk with every device and relay that was not updated.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeDirectMessage } from '../../../app/src/adapters/libp2p/direct-message.ts'
import { equalBytes, fromHex } from '../../src/bytes/bytes.ts'
import { decode, encode } from '../../src/bytes/codec.ts'
import { admitUpdate } from '../../src/documents/admission.ts'
import { createDocumentState } from '../../src/documents/state.ts'
import { DOCUMENT_KINDS } from '../../src/documents/kinds.ts'
import { applyAdmitted, openDocument } from '../../src/documents/document.ts'
import { readMeta } from '../../src/documents/meta.ts'
import { openBlob } from '../../src/mailbox/blob.ts'
import { carryKey, openCarryRecord, readCarryHead, readCarryRecord } from '../../src/mailbox/carry-file.ts'
import { parsePayload } from '../../src/session/payload.ts'
import { mailboxGrant } from '../../src/wire/capability.ts'
import { frame } from '../../src/wire/frame.ts'
import { relayCall, relayMessage } from '../../src/wire/relay.ts'
import { circleSaid } from '../../src/linking/said.ts'
import { parseLinkCode } from '../../src/linking/link-code.ts'
import { abridged, CALLS, CARRY, DIRECT, FRAMES, grant, ITEMS, MESSAGES, SAID, wireVectors } from './wire.ts'

type Vectors = Readonly<Record<string, string>>

const frozen = (name: string): Vectors => JSON.parse(readFileSync(new URL(`wire-${name}.json`, import.meta.url), 'utf8')) as Vectors
const bytes = (section: string, name: string): Uint8Array => fromHex(frozen(section)[name] ?? '')
/** What was frozen, and all of it where that was too long to be. */
const whole = (frozenBytes: Uint8Array, all: Uint8Array): Uint8Array => (equalBytes(abridged(all), frozenBytes) ? all : frozenBytes)
const made = wireVectors()

describe('what travels', () => {
  test.each(Object.keys(made))('has the bytes that were frozen: %s', (section) => {
    expect(made[section]).toEqual(frozen(section))
  })

  test.each(Object.entries(FRAMES))('frozen frame “%s” is read as what it was', (name, value) => {
    expect(decode(frame, bytes('frame', name))).toEqual(value)
  })

  test.each(Object.entries(CALLS))('frozen call “%s” is read as what it was', (name, value) => {
    expect(decode(relayCall, whole(bytes('call', name), encode(relayCall, value)))).toEqual(value)
  })

  test.each(Object.entries(MESSAGES))('frozen message “%s” of a relay is read as what it was', (name, value) => {
    expect(decode(relayMessage, whole(bytes('message', name), encode(relayMessage, value)))).toEqual(value)
  })

  test.each(Object.entries(DIRECT))('frozen direct message “%s” is read as what it was, behind its length', (name, value) => {
    const message = bytes('direct', name)
    expect(new DataView(message.buffer, message.byteOffset).getUint32(0)).toBe(message.length - 4)
    expect(decodeDirectMessage(message.subarray(4))).toEqual(value)
  })

  test.each(Object.entries(ITEMS))('frozen payload item “%s” is read as what it was', (name, value) => {
    expect(parsePayload(bytes('payload', name))).toEqual([value])
  })

  test.each(Object.entries(SAID))('frozen “%s” of the circle is read as what it was', (name, value) => {
    expect(decode(circleSaid, bytes('linking', `said: ${name}`))).toEqual(value)
  })

  test('a frozen code for a new device is read as what it was', () => {
    expect(parseLinkCode(`my code: ${frozen('linking')['code']}`)).toMatchObject({ relay: grant.relay })
  })

  test('a frozen blob is opened with its frozen grant', () => {
    expect(decode(mailboxGrant, bytes('mailbox', 'grant'))).toEqual(grant)
    expect(openBlob(grant, bytes('mailbox', 'blob'))).toEqual(Object.values(FRAMES))
  })

  test('a frozen carry file is opened with the frozen grant', () => {
    const head = readCarryHead(bytes('carry', 'head'))
    const record = readCarryRecord(bytes('carry', 'record'))
    if (head.kind !== 'read' || record.kind !== 'read') throw new Error('not read')
    const share = { slot: 0, salt: head.value.salt, key: carryKey(grant.sealKey, head.value.salt) }
    expect(record.value.isLast).toBe(true)
    expect(openCarryRecord(share, CARRY.index, record.value)).toEqual(CARRY.frames)
  })

  test('frozen updates of a document are admitted one after the other, and say what they said', () => {
    const document = openDocument('meta', { client: 1, updates: [] })
    let state = createDocumentState()
    for (const update of Object.values(frozen('document')).map(fromHex)) {
      const verdict = admitUpdate({ update, client: 305_419_896, state, policy: DOCUMENT_KINDS.meta })
      if (verdict.kind !== 'admitted') throw new Error(`not admitted: ${verdict.reason}`)
      ;({ state } = verdict)
      applyAdmitted(document, update)
    }
    expect(readMeta(document)).toEqual({ title: undefined, timer: 0 })
  })
})
