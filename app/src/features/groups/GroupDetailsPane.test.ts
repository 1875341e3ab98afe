// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { expect, it, vi } from 'vitest'
import type { MemberRole, MemberView } from '@kith/protocol'
import { ANA, CHAT, ME, conversationView, createFakeEngine, render, summary } from '../testing/index.ts'
import { groupWords } from '../group-words.ts'
import { useNotices } from '../notices/index.ts'
import GroupDetailsPane from './GroupDetailsPane.vue'

HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true
}
const me = (role: MemberRole): MemberView => ({ account: ME, name: 'Me', role, mine: true })
const ana = (role: MemberRole = 'member'): MemberView => ({ account: ANA, name: 'Ana', role, mine: false })

const open = (role: MemberRole | undefined, members: readonly MemberView[] = role === undefined ? [] : [me(role), ana()]) => {
  const engine = createFakeEngine()
  const view = conversationView({ summary: summary({ kind: 'group', role, title: 'Club' }), title: 'Club' })
  const { place } = render(GroupDetailsPane, { view, members, name: 'Club' }, engine)
  const hook = (name: string) => place.querySelector<HTMLElement>(`[data-testid="${name}"]`)
  const press = async (name: string) => {
    const button = hook(name)
    if (button === null) throw new Error(`no ${name}`)
    button.click()
    await nextTick()
  }
  const unfold = async () => {
    place.querySelector<HTMLElement>(`[data-account="${ANA}"] button`)?.click()
    await nextTick()
  }
  return { engine, place, hook, press, unfold }
}

it('an owner raises, lowers and removes members, and is asked before a removal', async () => {
  const { engine, press, unfold, place } = open('owner')
  await unfold()
  await press('member-promote')
  expect(engine.of('setRole')).toEqual([{ conversation: CHAT, account: ANA, role: 'admin' }])
  await unfold()
  await press('member-remove')
  expect(engine.of('removeMember')).toEqual([])
  expect(place.textContent).toContain('gets nothing that is written here')
  await press('confirm')
  expect(engine.of('removeMember')).toEqual([{ conversation: CHAT, account: ANA }])
})

it('whoever may nothing sees nothing that it cannot do', async () => {
  const { hook, place } = open('member')
  expect(place.querySelectorAll('[data-testid="member"]')).toHaveLength(2)
  expect(hook('member-add')).toBeNull()
  place.querySelector<HTMLElement>(`[data-account="${ANA}"] button`)?.click()
  await nextTick()
  for (const act of ['promote', 'demote', 'remove']) expect(hook(`member-${act}`)).toBeNull()
  for (const act of ['member-write', 'block']) expect(hook(act)).not.toBeNull()
  expect(hook('group-leave')).not.toBeNull()
})

it('the last one in charge hears what leaving means, and leaves once they say so', async () => {
  const { engine, press, place } = open('owner')
  await press('group-leave')
  expect(place.textContent).toContain(groupWords.asked.leave.leadAlone)
  await press('confirm')
  expect(engine.of('leaveGroup')).toEqual([{ conversation: CHAT }])
})

it('somebody who is no member any more can only remove the chat', () => {
  const { hook, place } = open(undefined)
  for (const name of ['member-add', 'group-leave', 'group-title', 'member']) expect(hook(name)).toBeNull()
  expect(hook('remove-contact')).not.toBeNull()
  expect(place.textContent).toContain(groupWords.notMember)
})

it('has neither a safety number nor an invite link', () => {
  const { hook, place } = open('owner')
  expect(hook('safety-number')).toBeNull()
  expect(place.textContent).not.toContain('Invite link')
})

it('a refusal is said in words', async () => {
  const engine = { ...createFakeEngine(), leaveGroup: () => Promise.resolve({ kind: 'refused', reason: 'unknown-conversation' } as const) }
  const view = conversationView({ summary: summary({ kind: 'group', role: 'member' }) })
  const { place } = render(GroupDetailsPane, { view, members: [me('member'), ana('owner')], name: 'Club' }, engine)
  place.querySelector<HTMLElement>('[data-testid="group-leave"]')?.click()
  await nextTick()
  place.querySelector<HTMLElement>('[data-testid="confirm"]')?.click()
  const notices = useNotices()
  await vi.waitFor(() => expect(notices.notices.map(({ text }) => text)).toEqual([groupWords.refused['unknown-conversation']]))
})
