import { describe, expect, it } from 'vitest'
import { utf8ToBytes } from '../bytes/bytes.ts'
import { accountIdOf, conversationIdOf } from '../bytes/ids.ts'
import { hash } from '../crypto/hash.ts'
import { NAME_BYTES_MAX } from '../limits.ts'
import { draftOf, petnameOf, setDraft, setPetname, setSetting, settingOf } from './account.ts'
import { admitUpdate } from './admission.ts'
import { createDocumentState } from './state.ts'
import { applyAdmitted, openDocument, setValue, snapshotOf } from './document.ts'
import { DOCUMENT_KINDS } from './kinds.ts'
import { readMeta, setTitle, titleIn } from './meta.ts'

const id = (name: string): Uint8Array => hash(utf8ToBytes(name))
const conversation = conversationIdOf(id('conversation'))
const bob = accountIdOf(id('bob'))

describe('the meta document', () => {
  it('holds a title, and says what changed', () => {
    const meta = openDocument('meta', { client: 1, updates: [] })
    const update = setTitle(meta, ' Garden\nparty ')
    expect(readMeta(meta)).toEqual({ title: 'Garden party', timer: 0 })
    expect(setTitle(meta, 'Garden party')).toBeUndefined()
    expect(readMeta(openDocument('meta', { client: 2, updates: [update as Uint8Array] }))).toEqual({ title: 'Garden party', timer: 0 })
    setTitle(meta, '')
    expect(readMeta(meta)).toEqual({ title: undefined, timer: 0 })
  })

  it('shows what members may write, whatever somebody else wrote', () => {
    const meta = openDocument('meta', { client: 1, updates: [] })
    setValue(meta, { root: 'meta', key: 'title', value: 7 })
    expect(readMeta(meta).title).toBeUndefined()
    setValue(meta, { root: 'meta', key: 'title', value: 'x'.repeat(5_000) })
    expect(readMeta(meta).title).toHaveLength(NAME_BYTES_MAX)
  })

  it('tells the title that one update gives, the first and a later one', () => {
    const meta = openDocument('meta', { client: 1, updates: [] })
    const policy = DOCUMENT_KINDS.meta
    let state = createDocumentState()
    for (const title of ['One', 'Two']) {
      const update = setTitle(meta, title) as Uint8Array
      const verdict = admitUpdate({ update, client: 1, state, policy })
      if (verdict.kind !== 'admitted') throw new Error(verdict.reason)
      state = verdict.state
      expect(titleIn(update, state)).toBe(title)
    }
    const other = setValue(meta, { root: 'meta', key: 'of a newer version', value: 'words' }) as Uint8Array
    const verdict = admitUpdate({ update: other, client: 1, state, policy })
    expect(verdict.kind).toBe('admitted')
    expect(verdict.kind === 'admitted' ? titleIn(other, verdict.state) : 'none').toBeUndefined()
  })
})

describe('own updates that are read back', () => {
  const lost = setTitle(openDocument('meta', { client: 7, updates: [] }), 'Garden') as Uint8Array
  const applied = openDocument('meta', { client: 7, updates: [] })
  applyAdmitted(applied, lost)

  it.each([
    ['stored', openDocument('meta', { client: 7, updates: [lost] })],
    ['applied again after a crash', applied],
  ])('%s: the device goes on writing under its own client', (_how, meta) => {
    expect(readMeta(meta).title).toBe('Garden')
    let state = createDocumentState()
    for (const update of [lost, setTitle(meta, 'Balcony') as Uint8Array]) {
      const verdict = admitUpdate({ update, client: 7, state, policy: DOCUMENT_KINDS.meta })
      expect(verdict.kind).toBe('admitted')
      if (verdict.kind === 'admitted') state = verdict.state
    }
  })
})

describe('the account document', () => {
  it('keeps drafts, petnames and settings', () => {
    const account = openDocument('account', { client: 1, updates: [] })
    const updates = [
      setDraft(account, conversation, { text: 'Dear', ref: 'r1' }),
      setPetname(account, bob, 'Bobby'),
      setSetting(account, 'theme', 'dark'),
    ]
    expect(updates.every((update) => update !== undefined)).toBe(true)
    const again = openDocument('account', { client: 2, updates: updates as Uint8Array[] })
    expect(draftOf(again, conversation)).toEqual({ text: 'Dear', ref: 'r1' })
    expect(petnameOf(again, bob)).toBe('Bobby')
    expect(settingOf(again, 'theme')).toBe('dark')
  })

  it('changes nothing where nothing changes', () => {
    const account = openDocument('account', { client: 1, updates: [] })
    setDraft(account, conversation, { text: 'a', ref: 'r' })
    expect(setDraft(account, conversation, { text: 'a', ref: 'r' })).toBeUndefined()
    expect(setPetname(account, bob, undefined)).toBeUndefined()
  })

  it('forgets the words of a deleted draft', () => {
    const account = openDocument('account', { client: 1, updates: [] })
    const update = setDraft(account, conversation, { text: 'a secret confession', ref: 'r' }) as Uint8Array
    const held = (bytes: Uint8Array): boolean =>
      [...bytes]
        .map((byte) => String.fromCharCode(byte))
        .join('')
        .includes('confession')
    expect(held(snapshotOf(account))).toBe(true)
    setDraft(account, conversation, undefined)
    expect(draftOf(account, conversation)).toBeUndefined()
    expect(held(snapshotOf(account))).toBe(false)
    expect(held(update)).toBe(true)
  })

  it('writes only what admission lets in', () => {
    const account = openDocument('account', { client: 9, updates: [] })
    let state = createDocumentState()
    const write = [
      () => setDraft(account, conversation, { text: 'a', ref: 'r' }),
      () => setDraft(account, conversation, { text: 'ab', ref: 'r' }),
      () => setDraft(account, conversation, undefined),
      () => setSetting(account, 'theme', 'dark'),
    ]
    for (const change of write) {
      const verdict = admitUpdate({ update: change() as Uint8Array, client: 9, state, policy: DOCUMENT_KINDS.account })
      expect(verdict.kind).toBe('admitted')
      if (verdict.kind === 'admitted') state = verdict.state
    }
  })

  it('survives values of a newer version', () => {
    const account = openDocument('account', { client: 1, updates: [] })
    setValue(account, { root: 'drafts', key: conversation, value: 'just words' })
    setValue(account, { root: 'contacts', key: bob, value: { petname: 7 } })
    setValue(account, { root: 'settings', key: 'theme', value: { deep: 'x' } })
    expect([draftOf(account, conversation), petnameOf(account, bob), settingOf(account, 'theme')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
