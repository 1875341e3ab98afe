// Signatures of what has come and waits for its turn, given to the platform at once: it verifies them on another thread while the steps before
// theirs are made. Nothing is believed for it: who asks later gets the verdict only about the same key, statement and bytes.

import { equalBytes } from '../bytes/bytes.ts'
import { AHEAD_ENTRIES_MAX, AHEAD_SIGNATURES_MAX } from '../limits.ts'
import { signaturesDue } from '../log/ahead.ts'
import { senderOf } from '../node/mailboxes/inboxes.ts'
import { isPartner } from '../node/members.ts'
import { whileAwake } from '../node/rest-map.ts'
import type { PlatformVerify } from '../crypto/platform-verify.ts'
import type { Log } from '../log/log.ts'
import type { Source } from '../node/input.ts'
import type { NodeState } from '../node/state.ts'
import type { WireEntry } from '../wire/entry.ts'
import type { Frame } from '../wire/frame.ts'

export type VerifyAhead = {
  /** Starts with what these frames bring beyond what is known. To be called back when they were read: only so many are begun at a time. */
  readonly begin: (state: NodeState, source: Source, frames: readonly Frame[]) => () => void
  /** The verifier, which answers at once what was begun. */
  readonly verify: PlatformVerify
}

type Begun = { readonly key: Uint8Array; readonly statement: Uint8Array; readonly verdict: Promise<boolean> }

export function createVerifyAhead(verify: PlatformVerify): VerifyAhead {
  const begun = new WeakMap<Uint8Array, Begun>()
  let unread = 0

  function beginAll(log: Log, entries: readonly WireEntry[]): number {
    if (entries.length > AHEAD_ENTRIES_MAX) return 0
    const due = signaturesDue(log, entries, 'expected').slice(0, AHEAD_SIGNATURES_MAX - unread)
    for (const { key, statement, signature } of due) begun.set(signature, { key, statement, verdict: verify(key, statement, signature) })
    unread += due.length
    return due.length
  }

  return {
    begin(state, source, frames) {
      const sender = whileAwake(() => senderOf(state, source))
      let count = 0
      for (const frame of frames) {
        const conversation = frame.kind === 'entries' ? state.conversations.awake.get(frame.conversation) : undefined
        if (frame.kind !== 'entries' || conversation === undefined || sender === undefined) continue
        if (isPartner(state, conversation, sender)) count += beginAll(conversation.log, frame.entries)
      }
      return () => void (unread -= count)
    },
    verify(key, statement, signature) {
      const known = begun.get(signature)
      const isSame = known !== undefined && equalBytes(known.key, key) && equalBytes(known.statement, statement)
      return isSame ? known.verdict : verify(key, statement, signature)
    },
  }
}
