// What tests of photos and files share: what is sent, what is shown of it, and what goes over the streams for files.

import { fileFrame } from '../../src/attachments/file-frame.ts'
import { decode } from '../../src/bytes/codec.ts'
import type { ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { FileFrame } from '../../src/attachments/file-frame.ts'
import type { FileView } from '../../src/views.ts'
import type { NewFile, ReadOutcome } from '../../src/engine.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

export const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 0xff)

export const sourceOf = (bytes: Uint8Array): NewFile['source'] => ({
  size: bytes.length,
  slice: (from, to) => ({ arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes.slice(from, to)).buffer) }),
})

export const file = (bytes: Uint8Array, name = 'walk.pdf'): NewFile => ({ source: sourceOf(bytes), name, photo: undefined })

/** A JPEG as far as its frame header tells. */
export function jpeg(width: number, height: number, length = 200): Uint8Array {
  const header = [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 0xff, width >> 8, width & 0xff, 3]
  const bytes = new Uint8Array(length)
  bytes.set(header)
  return bytes
}
export const photo = (bytes: Uint8Array, [width, height]: readonly [number, number]): NewFile => ({
  source: sourceOf(bytes),
  name: '',
  photo: { width, height, thumbhash: new Uint8Array(24).fill(7) },
})

let refs = 0
export async function send(
  stage: Stage,
  from: Person,
  conversation: ConversationId,
  files: readonly NewFile[],
  text = '',
): Promise<EntryId> {
  const outcome = await stage.done(from.engine().sendFiles({ conversation, files, text, ref: `files-${(refs += 1)}` }))
  if (outcome.kind !== 'saved') throw new Error(`refused: ${outcome.reason}`)
  return outcome.message
}

/** What is on its way, as somebody who looks is shown it. */
export async function onTheWay(stage: Stage, person: Person, conversation: ConversationId): Promise<readonly FileView[]> {
  return (await looksAt(stage, person, conversation)).at(-1) ?? []
}

/** What somebody who looks is shown first; undefined where nothing is. */
export async function shownFirst(stage: Stage, person: Person, conversation: ConversationId): Promise<readonly FileView[] | undefined> {
  return (await looksAt(stage, person, conversation))[0]
}

async function looksAt(stage: Stage, person: Person, conversation: ConversationId): Promise<readonly (readonly FileView[])[]> {
  const shown: (readonly FileView[])[] = []
  const stop = person.engine().watchFiles({ conversation }, (views) => void shown.push(views))
  await stage.pass(200)
  stop()
  return shown
}

export const read = (stage: Stage, person: Person, conversation: ConversationId, message: EntryId, item = 0): Promise<ReadOutcome> =>
  stage.done(person.engine().readFile({ conversation, message, item, from: 0, count: 16 }))

export const ask = (stage: Stage, person: Person, conversation: ConversationId, message: EntryId): Promise<void> =>
  stage.done(person.engine().fetchFile({ conversation, message, item: 0, isWanted: true }))

export const rowsAbout = (person: Person): readonly string[] =>
  [...(person.disk().tables.get('state')?.keys() ?? [])].filter((key) => key.startsWith('files/') || key.startsWith('filed/'))

/** Where what this person is asked for begins, as it comes. */
export function wantsOf(stage: Stage, person: Person): number[] {
  const asked: number[] = []
  const send = stage.network.direct.send
  stage.network.direct.send = (client, device, frame, kind) => {
    if (kind === 'file-frame' && device === person.device()) {
      const said = decode(fileFrame, frame)
      if (said.kind === 'want') asked.push(said.from)
    }
    return send(client, device, frame, kind)
  }
  return asked
}

/** A relay that has no room for files. */
export function withoutParcels(stage: Stage): Stage['network']['relay']['request'] {
  const { request } = stage.network.relay
  return (client, asked) =>
    asked.kind === 'put-parcel'
      ? Promise.resolve({ kind: 'put', verdicts: asked.mailboxes.map(() => ({ kind: 'refused', reason: 'full', retryMs: 0 })) })
      : request(client, asked)
}

/** What this person says to a device over streams for files. */
export function framesTo(stage: Stage, person: Person, to: string): FileFrame[] {
  const frames: FileFrame[] = []
  const send = stage.network.direct.send
  stage.network.direct.send = (client, device, frame, kind) => {
    if (kind === 'file-frame' && client.device === person.device() && device === to) frames.push(decode(fileFrame, frame))
    return send(client, device, frame, kind)
  }
  return frames
}
