// Requests as the app shows them: those that were not ignored and can still be accepted.

import { cleanText } from '../../conversation/text.ts'
import { NO_CONVERSATION } from '../../bytes/ids.ts'
import { nameOf } from '../../conversation/view.ts'
import { isRequestOver } from '../../node/terms/terms.ts'
import type { NodeState } from '../../node/state.ts'
import type { RequestView } from '../../views.ts'
import type { Surroundings } from './views.ts'

/** The latest first; undefined for none. */
export function requestsOf(
  { terms, conversations }: NodeState,
  { now, petnameOf, titleOf }: Surroundings,
): readonly RequestView[] | undefined {
  if (terms.requests.size === 0) return undefined
  const shown = [...terms.requests].filter(([, request]) => !request.isIgnored && !isRequestOver(request, now))
  const views = shown.map(([account, { group, text, at }]): RequestView => {
    const view = conversations.awake.get(group)?.view
    const name = petnameOf(account) ?? terms.names?.get(account) ?? (view && nameOf(view, account))
    const conversation = group === NO_CONVERSATION ? undefined : group
    return { account, name, conversation, group: titleOf(group), text: cleanText(text), at: Math.min(at, now) }
  })
  return views.length === 0 ? undefined : views.toSorted((a, b) => b.at - a.at)
}
