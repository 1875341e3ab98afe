// What the page is given of what others have done to a message, and of the message that one answers. A quote is read with each look and
// kept nowhere: what is edited or deleted there is so here.

import { isEntryShown } from '../../conversation/state.ts'
import { previewOf } from '../../conversation/text.ts'
import { inWords } from '../../conversation/timeline-row.ts'
import { QUOTE_LENGTH_MAX, REACTIONS_SHOWN_MAX } from '../../conversation/limits.ts'
import type { AccountId, EntryId } from '../../bytes/ids.ts'
import type { MessageContent, TimelineRow } from '../../conversation/timeline-row.ts'
import type { MessageView, PersonView, QuoteView } from '../../views.ts'
import type { Conversation } from '../../node/state.ts'

type RelatedView = Pick<Extract<MessageView, { kind: 'text' }>, 'isEdited' | 'isPinned' | 'reactions' | 'answers'>

export function relatedViewOf({ answers, related }: MessageContent, quote: (answers: EntryId) => QuoteView): RelatedView {
  const reactions = (related?.reactions ?? []).toSorted((a, b) => b.count - a.count).slice(0, REACTIONS_SHOWN_MAX)
  return {
    ...(related?.edit === undefined ? {} : { isEdited: true }),
    ...(related?.pin?.isSet === true ? { isPinned: true } : {}),
    ...(reactions.length === 0 ? {} : { reactions }),
    ...(answers === undefined ? {} : { answers: quote(answers) }),
  }
}

/** `person`: in a group. */
export function quoteOf(
  { view }: Conversation,
  id: EntryId,
  { row, person }: { readonly row: TimelineRow | undefined; readonly person: ((account: AccountId) => PersonView) | undefined },
): QuoteView {
  if (row === undefined || !isEntryShown(view, row)) return { kind: 'missing', id }
  if (row.content.kind === 'text')
    return {
      kind: 'text',
      id,
      mine: row.account === view.self,
      text: previewOf(inWords(row.content), QUOTE_LENGTH_MAX),
      ...(person === undefined || row.account === view.self ? {} : { author: person(row.account) }),
    }
  return { kind: row.content.kind === 'deleted' ? 'deleted' : 'missing', id }
}
