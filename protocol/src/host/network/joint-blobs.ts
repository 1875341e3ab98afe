// Blobs for many, opened.

import { isSealedWith, openJointBlob } from '../../mailbox/joint-blob.ts'
import { jointWritersTo } from '../../node/delivery/unopened.ts'
import type { InputOf, ReceivedFrames } from '../../node/input.ts'
import type { NodeState } from '../../node/state.ts'

/**
 * What a blob says, when its turn has come: the key may have lain in another one that came with it. Nothing where it holds anything but entries;
 * undefined while this device has no key for it.
 */
export function openJoint(state: NodeState, { source }: InputOf<'unopened'>): ReceivedFrames | undefined {
  for (const { conversation, device } of jointWritersTo(state, source.mailbox))
    for (const key of conversation.blobKeys.get(device) ?? []) {
      const seal = { conversation: conversation.id, device, key }
      if (!isSealedWith(seal, source.blob)) continue
      return { kind: 'received', source, frames: openJointBlob(seal, source.blob) ?? [], lookups: new Map(), part: 'last' }
    }
  return undefined
}
