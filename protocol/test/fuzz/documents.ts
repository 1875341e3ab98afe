// Updates of documents: what is admitted must be applied whole, leave Yjs with nothing that waits, and be readable by whoever shows it.

import * as Y from 'yjs'
import { accountIdOf, conversationIdOf, deviceIdOf } from '../../src/bytes/ids.ts'
import { hash } from '../../src/crypto/hash.ts'
import { utf8ToBytes } from '../../src/bytes/bytes.ts'
import { admitUpdate } from '../../src/documents/admission.ts'
import { livingClientOf } from '../../src/documents/client.ts'
import { applyAdmitted, isComplete, openDocument, setValue, snapshotOf } from '../../src/documents/document.ts'
import { DOCUMENT_KINDS } from '../../src/documents/kinds.ts'
import { openLiving, takeChange } from '../../src/documents/living.ts'
import { itemsNow, noteNow, pollNow } from '../../src/documents/living-view.ts'
import { updateFor } from '../../src/documents/living-write.ts'
import { readMeta, setTitle } from '../../src/documents/meta.ts'
import { createDocumentState } from '../../src/documents/state.ts'
import { readUpdate } from '../../src/documents/update.ts'
import { mergeInto, refusalOfWhole } from '../../src/documents/whole.ts'
import type { LivingForm } from '../../src/documents/living-form.ts'
import type { LivingAct } from '../../src/engine.ts'
import type { Decoder } from './decoder.ts'

const CLIENT = 305_419_896
const seed = (name: string): Uint8Array => hash(utf8ToBytes(`fuzz ${name}`))
const account = accountIdOf(seed('account'))
const client = livingClientOf(deviceIdOf(seed('device')), conversationIdOf(seed('conversation')))

function titles(): readonly Uint8Array[] {
  const document = openDocument('meta', { client: CLIENT, updates: [] })
  const first = setTitle(document, 'Garden')
  const whole = openDocument('meta', { client: CLIENT, updates: [] })
  setTitle(whole, 'Garden')
  setTitle(whole, 'Grüße 👋')
  return [first, snapshotOf(whole)].filter((update) => update !== undefined)
}

const title: Decoder = {
  name: 'documents: an update of a title',
  isCalculating: true,
  seeds: titles(),
  read(update) {
    const verdict = admitUpdate({ update, client: CLIENT, state: createDocumentState(), policy: DOCUMENT_KINDS.meta })
    if (verdict.kind !== 'admitted') return { kind: 'refused' }
    const document = openDocument('meta', { client: 1, updates: [] })
    applyAdmitted(document, update)
    if (!isComplete(document)) throw new Error('Yjs waits for something')
    readMeta(document)
    return { kind: 'read' }
  },
}

function accounts(): readonly Uint8Array[] {
  const document = openDocument('account', { client: CLIENT, updates: [] })
  setValue(document, { root: 'settings', key: 'name', value: 'Ana' })
  setValue(document, { root: 'drafts', key: 'a', value: { text: 'half written', at: 1 } })
  setValue(document, { root: 'drafts', key: 'a', value: undefined })
  setValue(document, { root: 'reads', key: 'a', value: 7 })
  return [snapshotOf(document)]
}

const whole: Decoder = {
  name: 'documents/whole.ts refusalOfWhole and mergeInto',
  isCalculating: true,
  seeds: accounts(),
  read(update) {
    const document = openDocument('account', { client: 1, updates: [] })
    if (refusalOfWhole(document, update) !== undefined) return { kind: 'refused' }
    mergeInto(document, update)
    if (!isComplete(document)) throw new Error('Yjs waits for something')
    return { kind: 'read' }
  },
}

const FORMS: readonly (readonly [LivingForm, readonly LivingAct[]])[] = [
  [{ kind: 'poll', title: 'Lunch?', isMultiple: false, options: ['Soup', 'Salad'] }, [{ kind: 'vote', options: [1] }, { kind: 'close' }]],
  [{ kind: 'checklist', title: 'Shopping', items: ['Milk'] }, [{ kind: 'add', text: 'Bread' }]],
  [{ kind: 'note', title: 'Plan', text: 'First line' }, [{ kind: 'write', from: 'First line', to: 'First line\nand a second' }]],
]

const living: readonly Decoder[] = FORMS.map(([form, acts]) => ({
  name: `documents: a change of a ${form.kind}`,
  isCalculating: true,
  seeds: acts.flatMap((act) => {
    const update = updateFor(openLiving(form, account), act, { account, client, time: 1 })
    return typeof update === 'string' ? [] : [update]
  }),
  read(update) {
    const document = openLiving(form, account)
    if (takeChange(document, { orderKey: '0', account, client, time: 1, update }) !== undefined) return { kind: 'refused' }
    if (document.doc.store.pendingStructs !== null || document.doc.store.pendingDs !== null) throw new Error('Yjs waits for something')
    const nobody = new Set<never>()
    if (form.kind === 'poll') pollNow(document, nobody)
    else if (form.kind === 'checklist') itemsNow(document, nobody)
    else noteNow(document, nobody)
    return { kind: 'read' }
  },
}))

/** Everything that Yjs can write, most of which no document of ours has. */
function ofYjs(): readonly Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = CLIENT
  const text = new Y.Text('abc')
  doc.getMap('a').set('text', text)
  text.format(0, 1, { bold: true })
  text.insertEmbed(1, { image: 'x' })
  doc.getArray('b').push([1, 'two', null, true, { large: 2n ** 60n }, 1.5, Uint8Array.of(1, 2), { deep: [1, { er: 2 }] }, new Y.Map()])
  doc.getMap('a').set('doc', new Y.Doc())
  doc.getArray('b').delete(1, 2)
  return [Y.encodeStateAsUpdate(doc)]
}

const anyUpdate: Decoder = {
  name: 'documents/update.ts readUpdate',
  seeds: ofYjs(),
  read: (bytes) => ({ kind: readUpdate(bytes) === undefined ? 'refused' : 'read' }),
}

export const documentDecoders: readonly Decoder[] = [title, whole, ...living, anyUpdate]
