// The forms of living messages by the numbers that they have on the wire (docs/protocol.md §5.15), and what one says before its changes have been read.

import type { LivingView } from '@kith/protocol'

const KINDS = [undefined, 'poll', 'poll', 'checklist', 'note'] as const
const MULTIPLE_POLL = 2
/** A poll with several choices has the number behind that of a poll. */
export const FORMS = { poll: 1, checklist: 3, note: 4 } as const

export const kindOf = (form: number): LivingView['kind'] => KINDS[form] ?? 'note'

/** `text`: its words behind a sign. */
export const unread = (form: number, text: string): LivingView => {
  const words = text.slice(text.indexOf(' ') + 1)
  const [title = '', ...rest] = words.split('\n')
  const lines = rest.filter((line) => line.trim() !== '')
  const common = { title, isMine: false, people: [], events: [] }
  switch (kindOf(form)) {
    case 'poll': {
      const options = lines.map((line) => ({ text: line, isMine: false, voters: [] }))
      return { ...common, kind: 'poll', isMultiple: form === MULTIPLE_POLL, isClosed: false, options, voters: 0 }
    }
    case 'checklist':
      return { ...common, kind: 'checklist', items: lines.map((line, at) => ({ id: `f${at}`, text: line, isDone: false })) }
    case 'note':
      return { ...common, kind: 'note', text: rest.join('\n') }
  }
}
