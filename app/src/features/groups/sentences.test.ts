import { expect, it } from 'vitest'
import type { MessageView, PersonView } from '@kith/protocol'
import { ANA, ME, entry } from '../testing/index.ts'
import { groupWords } from '../group-words.ts'
import { MEMBERS_NAMED_MAX } from '../limits.ts'
import { toMemberNames } from './names.ts'
import { toGroupLine, toGroupSubtitle, toTickWords } from './sentences.ts'

const ana: PersonView = { account: ANA, name: 'Ana', mine: false }
const me: PersonView = { account: ME, name: 'Me', mine: true }
const nobody: PersonView = { account: ANA, name: '\u200B', mine: false }
const did = (
  author: PersonView,
  event: 'added' | 'removed' | 'left' | 'role',
  about: readonly PersonView[],
  role?: 'admin',
): MessageView => ({
  kind: 'members',
  id: entry('m'),
  event,
  mine: author.mine,
  author,
  about,
  role,
  time: 0,
})

it('says who did what to whom', () => {
  expect(toGroupLine(did(ana, 'added', [me]))?.text).toBe('Ana added you.')
  expect(toGroupLine(did(me, 'role', [ana], 'admin'))?.text).toBe('You made Ana an admin.')
  expect(toGroupLine(did(nobody, 'removed', [nobody]))?.text).toBe('Somebody removed somebody.')
  expect(toGroupLine(did(ana, 'left', []))?.text).toBe('Ana left.')
})

it('a name that runs the other way is kept apart', () => {
  expect(toGroupLine(did({ ...ana, name: 'عمر' }, 'left', []))?.text).toBe('\u2068عمر\u2069 left.')
  expect(toMemberNames([ana, { ...ana, name: 'عمر' }, me])).toBe('Ana, \u2068عمر\u2069')
})

it('a group is made and named by somebody, and not for two', () => {
  const made: MessageView = { kind: 'system', id: entry('s'), event: 'created', mine: false, name: 'Ana', time: 0, author: ana }
  expect(toGroupLine(made)?.text).toBe('Ana made this group.')
  expect(toGroupLine({ ...made, event: 'titled', name: 'Club' })).toEqual({ text: 'Ana named the group “{name}”.', name: 'Club' })
  expect(toGroupLine({ ...made, event: 'titled', name: undefined })).toBeUndefined()
})

it('counts members, and names them where they are not its name', () => {
  const members = [
    { ...me, role: 'owner' },
    { ...ana, role: 'member' },
  ] as const
  expect(toGroupSubtitle('Club', members)).toEqual({ text: '2 members · {name}', name: 'Ana' })
  expect(toGroupSubtitle(undefined, members).text).toBe('2 members')
  expect(toGroupSubtitle('Club', members.slice(0, 1)).text).toBe('1 member')
})

it('names as many members as fit a line', () => {
  const many = Array.from({ length: MEMBERS_NAMED_MAX + 1 }, (_, at) => ({ ...ana, name: `Ana ${at}` }))
  expect(toMemberNames(many).split(', ')).toHaveLength(MEMBERS_NAMED_MAX)
})

it('a tick says with how many a message is', () => {
  expect(toTickWords({ state: 'relay', reached: { delivered: 0, read: 0, of: 3 } })).not.toContain('3')
  expect(toTickWords({ state: 'delivered', reached: { delivered: 2, read: 0, of: 3 } })).toBe('Delivered to 2 of 3')
  expect(toTickWords({ state: 'read', reached: { delivered: 2, read: 1, of: 3 } })).toBe('Delivered to 2 of 3, read by 1')
})

it('keeps to the language of the product', () => {
  const texts = (value: unknown): readonly string[] =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
  for (const text of texts(groupWords)) expect(text).not.toMatch(/!|\boops\b|\bplease\b|\bpeer\b|\bnode\b|\bsync|\bsession\b/i)
})
