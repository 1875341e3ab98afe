// What a person does about the link of a group, and what became of a request: one input (docs/protocol.md §12.6).

import { askToJoin, lookAtGroup, requestLeft } from './asked.ts'
import { closeLink, openLink } from './links.ts'
import { isJoined } from './settle.ts'
import type { ConversationId } from '../../bytes/ids.ts'
import type { Answer, Draft } from '../draft.ts'
import type { InputOf } from '../input.ts'

export function groupLink(draft: Draft, { act }: InputOf<'group-link'>): void {
  if (act.kind === 'left') return requestLeft(draft, act)
  draft.effects.push({ kind: 'answer', answer: answerTo(draft, act) })
}

function answerTo(draft: Draft, act: Exclude<InputOf<'group-link'>['act'], { kind: 'left' }>): Answer {
  switch (act.kind) {
    case 'look': {
      const reason = lookAtGroup(draft, act)
      return reason === undefined ? { kind: 'opened', conversation: act.link.conversation } : { kind: 'refused', reason }
    }
    case 'ask':
      return askToJoin(draft, act.conversation) ? { kind: 'done' } : UNKNOWN
    case 'open':
    case 'close': {
      if (!isMember(draft, act.conversation)) return UNKNOWN
      const reason = act.kind === 'open' ? openLink(draft, act) : closeLink(draft, act)
      return reason === undefined ? { kind: 'done' } : { kind: 'refused', reason }
    }
  }
}

const UNKNOWN: Answer = { kind: 'refused', reason: 'unknown-conversation' }

function isMember(draft: Draft, id: ConversationId): boolean {
  const group = draft.state.conversations.get(id)?.group
  return group !== undefined && isJoined(draft, group)
}
