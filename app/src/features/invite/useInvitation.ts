// A link that somebody tapped or pasted: opened once, then the conversation takes over. One at a time for the whole page.

import { shallowReadonly, shallowRef } from 'vue'
import type { InviteRefusal } from '@kith/protocol'
import { useEngine } from '../engine/index.ts'
import type { EngineClient } from '../engine/index.ts'
import { useNavigation } from '../navigation/index.ts'
import type { Navigation } from '../navigation/index.ts'
import { hasInviteLink } from './link.ts'

export type Invitation =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly link: string }
  | { readonly kind: 'refused'; readonly link: string; readonly reason: InviteRefusal }

const invitation = shallowRef<Invitation>({ kind: 'none' })

const openWith = async (engine: EngineClient, navigation: Navigation, link: string): Promise<void> => {
  const opening: Invitation = { kind: 'opening', link }
  invitation.value = opening
  const outcome = await engine.openInvite({ link }).catch(() => ({ kind: 'refused', reason: 'unreachable' }) as const)
  // Somebody may have turned away, or tapped another link in the meantime.
  if (invitation.value !== opening) return
  if (outcome.kind === 'refused') {
    invitation.value = { kind: 'refused', link, reason: outcome.reason }
    return
  }
  invitation.value = { kind: 'none' }
  navigation.expect({ id: outcome.conversation, alias: outcome.alias })
  navigation.open({ kind: 'conversation', id: outcome.conversation, beside: 'nothing' })
}

export const useInvitation = () => {
  const engine = useEngine()
  const navigation = useNavigation()
  const open = (link: string): Promise<void> => openWith(engine, navigation, link)

  /** Takes an invite out of the address bar, where it would stay readable, and opens it. */
  const takeFromAddress = (page: Window = window): void => {
    const { href, pathname } = page.location
    if (!hasInviteLink(href)) return
    // An app that encodes `#` has made the link a path.
    page.history.replaceState(page.history.state, '', hasInviteLink(pathname) ? '/' : pathname)
    void open(href)
  }
  const leave = (): void => {
    invitation.value = { kind: 'none' }
  }
  return { invitation: shallowReadonly(invitation), open, takeFromAddress, leave }
}
