// What people show of themselves (docs/protocol.md §5.18): one's own is said, and those of others are read from their rows, only where they are looked at.

import { decode, tryDecode } from '../../bytes/codec.ts'
import { faceOf } from '../../conversation/faces.ts'
import { isShown } from '../../conversation/state.ts'
import { FACES_READ_MAX } from '../../wire/face-limits.ts'
import { cleanAbout } from '../../node/faces.ts'
import { isResting } from '../../node/rest-looks.ts'
import { storedBody } from '../../node/rows/stored-body.ts'
import { content as contentCodec } from '../../wire/content.ts'
import { parsePicture } from '../../wire/picture.ts'
import type { Commands, Face, FacePlace, ShownFace } from '../../engine.ts'
import type { NodeState } from '../../node/state.ts'
import type { Store } from '../../ports.ts'
import type { Loop } from '../loop.ts'

type Parts = { readonly store: Pick<Store, 'read'>; readonly loop: Pick<Loop, 'state' | 'ask'> }

const REASONS = ['too-long', 'too-large', 'not-a-picture', 'wrong-size'] as const

export function createFaceCommands({ store, loop }: Parts): Pick<Commands, 'setFace' | 'readFaces'> {
  async function readFace({ conversation, account }: FacePlace): Promise<ShownFace | undefined> {
    const state = loop.state()
    if (conversation === undefined) return account === state.self.account ? shownOf(state.self.face) : undefined
    if (!isSeen(state, { conversation, account })) return undefined
    const [row] = await store.read(faceOf(conversation, account))
    const said = row && tryDecode(contentCodec, decode(storedBody, row.value).kept.content)
    return said?.kind === 'face' ? shownOf(said) : undefined
  }

  return {
    async setFace(face) {
      const answer = await loop.ask({ kind: 'set-face', ...face })
      if (answer.kind !== 'refused') return { kind: 'saved' }
      return { kind: 'refused', reason: REASONS.find((known) => known === answer.reason) ?? 'not-a-picture' }
    },
    readFaces: ({ places }) => Promise.all(places.slice(0, FACES_READ_MAX).map(readFace)),
  }
}

// Whoever asks to talk, or was not let in yet, is a stranger still: what they show comes before the eyes of nobody who has not agreed to that.
function isSeen({ conversations, terms }: NodeState, { conversation, account }: FacePlace): boolean {
  const chat = conversation && conversations.look(conversation)
  if (chat === undefined || terms.blocked.has(account)) return false
  if (isResting(chat)) return chat.other === account
  return chat.phase === 'open' && isShown(chat.view, account)
}

function shownOf(face: Face | undefined): ShownFace | undefined {
  if (face === undefined) return undefined
  const parsed = parsePicture(face.picture)
  const shown = parsed.kind === 'picture' ? { picture: { type: parsed.type, bytes: face.picture.slice() } } : {}
  return { about: cleanAbout(face.about), ...shown }
}
