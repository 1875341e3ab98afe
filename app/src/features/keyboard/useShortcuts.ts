// The keys of the whole app. None that the browser needs, and single keys only outside of fields.

import { nextTick, onScopeDispose } from 'vue'
import type { ConversationSummary } from '@kith/protocol'
import { isComposing } from '../../ui/composition.ts'
import { takesLetters } from '../../ui/fields.ts'
import { useConversations } from '../conversations/index.ts'
import { useNavigation } from '../navigation/index.ts'
import { unreadIn } from '../notify/index.ts'

type Actions = { readonly newChat: () => void; readonly showKeys: () => void }
type Options = { readonly page?: Window }

const isVisible = (element: Element): boolean => element.getClientRects().length > 0

/** The key as the list of shortcuts names it, e.g. `Alt+Shift+N`. */
export const toShortcut = (event: KeyboardEvent): string => {
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]
  const key = letter !== undefined && event.altKey ? letter : event.key
  const held = [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', event.shiftKey && key !== '?' ? 'Shift' : '']
  return [...held.filter((name) => name !== ''), key].join('+')
}

export const useShortcuts = ({ newChat, showKeys }: Actions, { page = window }: Options = {}): void => {
  const list = useConversations()
  const navigation = useNavigation()
  const openId = () => (navigation.route.value.kind === 'conversation' ? navigation.route.value.id : undefined)

  const step = (by: -1 | 1, among?: (view: ConversationSummary) => boolean): void => {
    const id = list.neighbour(openId(), by, among)
    if (id !== undefined) list.open(id)
  }
  const isUnread = (view: ConversationSummary): boolean => unreadIn(view) > 0
  const focusPane = (by: -1 | 1): void => {
    const panes = [...page.document.querySelectorAll<HTMLElement>('[data-pane]')].filter(isVisible)
    const at = panes.findIndex((pane) => pane.contains(page.document.activeElement))
    const next = panes[(Math.max(at, 0) + by + panes.length) % panes.length]
    const inside = next?.querySelector<HTMLElement>('[aria-current], textarea, [data-message-id][tabindex="0"]')
    ;(inside ?? next)?.focus()
  }
  const toggleDetails = (): void => {
    const route = navigation.route.value
    if (route.kind !== 'conversation') return
    if (route.beside === 'details') navigation.up()
    else navigation.open({ ...route, beside: 'details' })
  }
  const leave = (): void => {
    const route = navigation.route.value
    if (route.kind === 'settings' || (route.kind === 'conversation' && route.beside === 'details')) return navigation.up()
    const row = page.document.querySelector<HTMLElement>('.list [aria-current]')
    if (row !== null && isVisible(row)) row.focus()
    else if (route.kind === 'conversation') navigation.up()
  }
  const search = async (): Promise<void> => {
    const field = (): HTMLInputElement | null => page.document.querySelector('[data-testid=search]')
    const isHere = (): boolean => isVisible(field() ?? page.document.head)
    if (!isHere()) navigation.open({ kind: 'list' })
    await nextTick()
    field()?.select()
  }
  const keys: Readonly<Record<string, () => unknown>> = {
    'Alt+ArrowUp': () => step(-1),
    'Alt+ArrowDown': () => step(1),
    'Alt+Shift+ArrowUp': () => step(-1, isUnread),
    'Alt+Shift+ArrowDown': () => step(1, isUnread),
    'Alt+Shift+N': newChat,
    'Ctrl+k': search,
    'Ctrl+.': toggleDetails,
    F6: () => focusPane(1),
    'Shift+F6': () => focusPane(-1),
    Escape: leave,
    '?': showKeys,
  }
  const onKey = (event: KeyboardEvent): void => {
    // One that has just closed is still here until that was heard: a key pressed then was meant for it, or for the one that comes in its place.
    if (event.defaultPrevented || isComposing(event) || page.document.querySelector('dialog') !== null) return
    const name = toShortcut(event)
    if (name === '?' && takesLetters(event.target)) return
    const act = keys[name]
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  page.addEventListener('keydown', onKey)
  onScopeDispose(() => page.removeEventListener('keydown', onKey))
}
