// This person's own face, where a chat opens: it is shown to contacts and members alone, so nothing of it goes with an invite (docs/protocol.md §5.18).

import { write } from './author.ts'
import type { ConversationId } from '../bytes/ids.ts'
import type { Draft } from './draft.ts'
import type { OwnFace } from './state.ts'

const isBare = ({ about, picture }: Pick<OwnFace, 'about' | 'picture'>): boolean => about === '' && picture.length === 0

/** Says it in a chat whose members may see it from now on. */
export function sayFace(draft: Draft, id: ConversationId): void {
  const { face } = draft.state.self
  if (face !== undefined && !isBare(face)) write(draft, id, { kind: 'face', about: face.about, picture: face.picture })
}
