import { describe, expect, it } from 'vitest'
import { FEED_WEIGHT_MAX } from '../../src/membership/limits.ts'
import { extendMembership } from '../../src/membership/membership.ts'
import { createMembership } from '../../src/membership/state.ts'
import { entryNamed } from './names.ts'
import {
  closeLink,
  conversationOf,
  createGroup,
  demote,
  entriesOf,
  entryOf,
  grant,
  leave,
  letIn,
  linkFor,
  openLink,
  remove,
  resign,
  setHistory,
  tell,
} from './story.ts'

const create = { id: 'create', by: 'alice', act: createGroup('alice') }
/** Bob, then Carol, then Dave were made admins by Alice, so their seniority is that of the hashes of three entries. */
const admins = [
  create,
  { id: 'bob in', by: 'alice', act: grant(['bob', 'admin']) },
  { id: 'carol in', by: 'bob', act: grant(['carol', 'admin']) },
  { id: 'dave in', by: 'carol', act: grant(['dave', 'admin']) },
]
const ALL = ['create', 'bob in', 'carol in', 'dave in']

describe('membership under attack', () => {
  it('mutual removal: the senior one stays, whichever comes first', () => {
    const bobs = { id: 'bob removes carol', by: 'bob', act: remove('carol'), knows: ALL }
    const carols = { id: 'carol removes bob', by: 'carol', act: remove('bob'), knows: ALL }
    expect(tell(...admins, bobs).members).toEqual({ alice: 'owner', bob: 'admin', dave: 'admin' })
    const { members, accepted } = tell(...admins, bobs, carols)
    expect(members).toEqual({ alice: 'owner', bob: 'admin', dave: 'admin' })
    expect(accepted).not.toContain('carol removes bob')
    expect(tell(...admins, carols, bobs).members).toEqual(members)
  })

  it('a cycle of three removals: what the most senior one says holds, and what its victim said does not', () => {
    const { members, accepted } = tell(
      ...admins,
      { id: 'bob removes carol', by: 'bob', act: remove('carol'), knows: ALL },
      { id: 'carol removes dave', by: 'carol', act: remove('dave'), knows: ALL },
      { id: 'dave removes bob', by: 'dave', act: remove('bob'), knows: ALL },
    )
    expect(members).toEqual({ alice: 'owner', bob: 'admin', dave: 'admin' })
    // Dave may still write it. It takes nothing from Bob.
    expect(accepted.slice(ALL.length)).toEqual(['bob removes carol', 'dave removes bob'])
  })

  it('remove against re-add: who did not know of the removal does not undo it, who knew does', () => {
    const removal = { id: 'out', by: 'bob', act: remove('erin') }
    const start = [...admins, { id: 'erin in', by: 'carol', act: grant(['erin', 'member']) }]
    const blind = { id: 'erin again', by: 'carol', act: grant(['erin', 'member']), knows: [...ALL, 'erin in'] }
    expect(tell(...start, removal).members['erin']).toBeUndefined()
    expect(tell(...start, removal, blind).members['erin']).toBeUndefined()
    expect(tell(...start, removal, { ...blind, knows: [...ALL, 'out'] }).members['erin']).toBe('member')
  })

  it('remove against promote: a promotion of which the remover did not know falls, unless it is senior to the remover', () => {
    const start = [...admins, { id: 'erin in', by: 'dave', act: grant(['erin', 'member']) }]
    const knows = [...ALL, 'erin in']
    const removal = { id: 'out', by: 'carol', act: remove('erin'), knows }
    const promotion = { id: 'up', by: 'dave', act: grant(['erin', 'admin']), knows }
    expect(tell(...start, promotion).members['erin']).toBe('admin')
    expect(tell(...start, promotion, removal).members['erin']).toBeUndefined()
    expect(tell(...start, { ...promotion, by: 'alice' }, removal).members['erin']).toBe('admin')
  })

  it('remove against demote: who is lowered by one and removed by another is out, unless the one knew of the other', () => {
    const knows = ALL
    const lowered = { id: 'down', by: 'alice', act: demote('dave', 'member'), knows }
    const removal = { id: 'out', by: 'bob', act: remove('dave'), knows }
    expect(tell(...admins, lowered).members['dave']).toBe('member')
    expect(tell(...admins, lowered, removal).members['dave']).toBeUndefined()
    expect(tell(...admins, removal, { ...lowered, knows: ['out'] }).members['dave']).toBe('member')
  })

  it('back-dated adds by a removed admin do not count, and those that the remover knew do', () => {
    const add = { id: 'add', by: 'dave', act: grant(['mallory', 'admin']), knows: ALL }
    const out = { id: 'out', by: 'bob', act: remove('dave'), knows: ALL }
    expect(tell(...admins, add).members['mallory']).toBe('admin')
    expect(tell(...admins, add, { ...out, knows: [...ALL, 'add'] }).members['mallory']).toBe('admin')
    const { members, accepted } = tell(...admins, out, add, { id: 'by mallory', by: 'mallory', act: remove('carol') })
    expect(members).toEqual({ alice: 'owner', bob: 'admin', carol: 'admin' })
    expect(accepted).toEqual([...ALL, 'out'])
  })

  it('an add under a void promotion is void', () => {
    const up = { id: 'up', by: 'dave', act: grant(['mallory', 'admin']), knows: ALL }
    const add = { id: 'add', by: 'mallory', act: grant(['erin', 'member']), knows: ['up'] }
    const out = { id: 'out', by: 'carol', act: remove('dave'), knows: ALL }
    expect(tell(...admins, up, add).members['erin']).toBe('member')
    expect(Object.keys(tell(...admins, up, add, out).members)).toEqual(['alice', 'bob', 'carol'])
  })

  it('an omitted causal past gains nothing: an admin that hides its own demotion is judged by it', () => {
    const down = { id: 'down', by: 'alice', act: demote('dave', 'member') }
    const add = { id: 'add', by: 'dave', act: grant(['mallory', 'member']) }
    expect(tell(...admins, add).members['mallory']).toBe('member')
    expect(tell(...admins, down, add).members['mallory']).toBeUndefined()
    expect(tell(...admins, down, { ...add, knows: ALL }).members['mallory']).toBeUndefined()
  })

  it('a member adds nobody, and not itself', () => {
    const start = [...admins, { id: 'mallory in', by: 'bob', act: grant(['mallory', 'member']) }]
    const { members } = tell(
      ...start,
      { id: 'itself', by: 'mallory', act: grant(['mallory', 'admin']) },
      { id: 'another', by: 'mallory', act: grant(['erin', 'member']) },
      { id: 'raised', by: 'mallory', act: demote('erin', 'admin') },
    )
    expect(members).toEqual({ alice: 'owner', bob: 'admin', carol: 'admin', dave: 'admin', mallory: 'member' })
    expect(tell(...admins, { id: 'stranger', by: 'mallory', act: grant(['mallory', 'member']) }).members['mallory']).toBeUndefined()
  })

  it('an admin gives itself nothing that outlasts its removal, and makes no owner', () => {
    const spare = { id: 'spare', by: 'dave', act: grant(['dave', 'admin']), knows: ALL }
    const owner = { id: 'owner', by: 'dave', act: grant(['erin', 'owner']), knows: ALL }
    const { members, accepted } = tell(...admins, spare, owner, { id: 'out', by: 'carol', act: remove('dave') })
    expect(members).toEqual({ alice: 'owner', bob: 'admin', carol: 'admin' })
    expect(accepted).toEqual([...ALL, 'out'])
  })

  it('a forged create begins nothing', () => {
    const conversation = conversationOf('create')
    const [real] = entriesOf([create])
    const empty = createMembership(conversation)
    if (real === undefined) throw new Error('no entry')
    expect(extendMembership(empty, real).kind).toBe('extended')
    expect(extendMembership(empty, entryOf({ id: 'other', by: 'alice', act: createGroup('alice') })).kind).toBe('refused')
    expect(extendMembership(empty, entryOf({ ...create, by: 'mallory' })).kind).toBe('refused')
    expect(extendMembership(empty, entryOf({ ...create, act: leave })).kind).toBe('refused')
    expect(extendMembership(empty, entryOf({ ...create, knows: ['create'] })).kind).toBe('waits')
  })

  it('a second create within a group is refused, and changes no role', () => {
    const { members, accepted } = tell(...admins, { id: 'mine', by: 'dave', act: createGroup('dave') })
    expect(members['dave']).toBe('admin')
    expect(accepted).toEqual(ALL)
  })

  it('a colliding id changes nothing: what came under an id first is what it stands for', () => {
    const { membership } = tell(...admins)
    expect(
      extendMembership(membership, entryOf({ id: 'bob in', by: 'alice', act: grant(['mallory', 'owner']), knows: ['create'] })).kind,
    ).toBe('known')
  })

  it('10,000 acts of one admin, and what it writes beyond counts no more', () => {
    const last = { id: 'last', by: 'dave', act: grant(['erin', 'member']), weightBefore: FEED_WEIGHT_MAX - 1 }
    expect(tell(...admins, last).members['erin']).toBe('member')
    expect(tell(...admins, { ...last, weightBefore: FEED_WEIGHT_MAX }).members['erin']).toBeUndefined()
    expect(tell(...admins, { ...last, act: grant(['erin', 'member'], ['mallory', 'member']) }).members['erin']).toBeUndefined()
    expect(tell(...admins, { id: 'away', by: 'dave', act: leave, weightBefore: FEED_WEIGHT_MAX }).members['dave']).toBeUndefined()
  })

  it('who was removed does not come back by a link, though whoever lets them in knows of the removal', () => {
    const start = [...admins, { id: 'link', by: 'bob', act: openLink }, { id: 'erin in', by: 'carol', act: letIn('link', 'erin') }]
    expect(tell(...start).members['erin']).toBe('member')
    const out = { id: 'out', by: 'bob', act: remove('erin') }
    const again = { id: 'erin again', by: 'carol', act: letIn('link', 'erin') }
    expect(tell(...start, out, again).members['erin']).toBeUndefined()
    expect(tell(...start, { id: 'away', by: 'erin', act: leave }, again).members['erin']).toBe('member')
    expect(tell(...start, out, { id: 'pardon', by: 'dave', act: grant(['erin', 'member']) }).members['erin']).toBe('member')
  })

  it('a closed link, a link of somebody who was removed, and one that is none let nobody in', () => {
    const start = [...admins, { id: 'link', by: 'carol', act: openLink }]
    const entering = { id: 'erin in', by: 'dave', act: letIn('link', 'erin'), knows: [...ALL, 'link'] }
    expect(tell(...start, entering)).toMatchObject({ links: ['link'], members: { erin: 'member' } })
    const closed = { id: 'closed', by: 'dave', act: closeLink('link'), knows: [...ALL, 'link'] }
    expect(tell(...start, entering, closed)).toMatchObject({ links: [] })
    expect(tell(...start, entering, closed).members['erin']).toBeUndefined()
    expect(tell(...start, entering, { ...closed, knows: [...ALL, 'erin in'] })).toMatchObject({ links: [], members: { erin: 'member' } })
    const out = { id: 'out', by: 'bob', act: remove('carol'), knows: [...ALL, 'link'] }
    expect(tell(...start, entering, out).members['erin']).toBeUndefined()
    expect(tell(...start, out).links).toEqual([])
    expect(tell(...start, { ...entering, act: letIn('dave in', 'erin') }).members['erin']).toBeUndefined()
    expect(tell(...start, { ...entering, knows: ALL }).members['erin']).toBeUndefined()
    expect(tell(...start, { ...closed, knows: ALL }).links).toEqual(['link'])
    // Who closed it was removed without knowing of it: it was never closed, and who came in by it is in.
    const late = { id: 'late', by: 'bob', act: remove('dave'), knows: ALL }
    const carols = { ...entering, by: 'carol' }
    expect(tell(...start, carols, closed).members['erin']).toBeUndefined()
    expect(tell(...start, carols, closed, late)).toMatchObject({ links: ['link'], members: { erin: 'member' } })
  })

  it('a link lets in as many as it is for, whom one after another knows of, and not one more', () => {
    const start = [...admins, { id: 'link', by: 'bob', act: linkFor(1) }]
    const erins = { id: 'erin in', by: 'dave', act: letIn('link', 'erin'), knows: [...ALL, 'link'] }
    const mallorys = { id: 'mallory in', by: 'carol', act: letIn('link', 'mallory') }
    expect(tell(...start, mallorys).members['mallory']).toBe('member')
    expect(tell(...start, erins, mallorys).members).toMatchObject({ erin: 'member' })
    expect(tell(...start, erins, mallorys).members['mallory']).toBeUndefined()
    // Whoever did not know of each other may both have let somebody in: nobody is put out again for it.
    const beside = { ...mallorys, knows: [...ALL, 'link'] }
    expect(tell(...start, erins, beside).members).toMatchObject({ erin: 'member', mallory: 'member' })
    // What was refused counts as well, or what comes later would decide about it.
    const ofDave = { ...erins, act: letIn('link', 'dave') }
    expect(tell(...start, ofDave, mallorys).members['mallory']).toBeUndefined()
    // One device on its own gets no further, whomever it leaves out.
    const ten = Array.from({ length: 10 }, (_, at) => ({ id: `guest ${at}`, by: 'dave', act: letIn('link', `guest ${at}`) }))
    expect(tell(...start, ...ten).accepted.filter((id) => id.startsWith('guest'))).toEqual(['guest 0'])
  })

  it('a link that is dated back to when its maker was an admin opens nothing for whom nobody had let in by then', () => {
    const out = { id: 'out', by: 'bob', act: demote('carol', 'member') }
    const link = { id: 'link', by: 'carol', act: openLink, knows: ALL }
    const entering = { id: 'erin in', by: 'carol', act: letIn('link', 'erin'), knows: [...ALL, 'link'] }
    expect(tell(...admins, link, entering)).toMatchObject({ links: ['link'], members: { erin: 'member' } })
    expect(tell(...admins, out, link, entering).links).toEqual([])
    expect(tell(...admins, out, link, entering).members['erin']).toBeUndefined()
    // What the other admin knew of stays.
    expect(tell(...admins, link, entering, { ...out, knows: [...ALL, 'link', 'erin in'] }).members['erin']).toBe('member')
  })

  it('a junior takes nothing from a senior', () => {
    const { members, links } = tell(
      ...admins,
      { id: 'link', by: 'bob', act: openLink },
      { id: 'out', by: 'dave', act: remove('alice', 'bob') },
      { id: 'down', by: 'dave', act: demote('carol', 'member') },
    )
    expect(members).toEqual({ alice: 'owner', bob: 'admin', carol: 'admin', dave: 'admin' })
    expect(links).toEqual(['link'])
  })

  it('who leaves or steps down is out of it, whatever others gave meanwhile; and its devices’ other acts fall', () => {
    const away = { id: 'away', by: 'dave', act: leave, knows: ALL }
    const promoted = { id: 'up', by: 'alice', act: grant(['dave', 'owner']), knows: ALL }
    expect(tell(...admins, away, promoted).members['dave']).toBeUndefined()
    const add = { id: 'add', by: 'dave', device: 'dave’s other', act: grant(['erin', 'member']), knows: ALL }
    expect(tell(...admins, away, add).members['erin']).toBeUndefined()
    const down = { id: 'down', by: 'dave', act: resign('member'), knows: ALL }
    expect(tell(...admins, down, promoted).members['dave']).toBe('member')
    expect(tell(...admins, down, add).members['erin']).toBeUndefined()
    expect(tell(...admins, down, { id: 'back', by: 'dave', act: resign('admin') }).members['dave']).toBe('member')
  })

  it('the group is handed over by an owner that makes another one and steps down', () => {
    const { members } = tell(
      ...admins,
      { id: 'heir', by: 'alice', act: grant(['bob', 'owner']) },
      { id: 'down', by: 'alice', act: resign('admin') },
      { id: 'by the heir', by: 'bob', act: demote('alice', 'member') },
    )
    expect(members).toEqual({ alice: 'member', bob: 'owner', carol: 'admin', dave: 'admin' })
  })

  it('history is what the latest say; of those that did not know of each other, the most senior', () => {
    const bobs = { id: 'bobs', by: 'bob', act: setHistory('all') }
    expect(tell(...admins).history).toBe('none')
    expect(tell(...admins, bobs).history).toBe('all')
    const carols = { id: 'carols', by: 'carol', act: setHistory('none') }
    expect(tell(...admins, bobs, carols).history).toBe('none')
    expect(tell(...admins, { ...carols, knows: ALL }, { ...bobs, knows: ALL }).history).toBe('all')
    expect(tell(...admins, bobs, { id: 'mine', by: 'mallory', act: setHistory('none') }).history).toBe('all')
    // The later one falls with its author, and the one that it replaced holds again.
    expect(tell(...admins, bobs, carols, { id: 'out', by: 'bob', act: remove('carol'), knows: [...ALL, 'bobs'] }).history).toBe('all')
  })

  it('history that two devices of one admin set apart is that of the smaller id, on every device', () => {
    const [small, large] = ['one', 'other'].toSorted((a, b) => (entryNamed(a) < entryNamed(b) ? -1 : 1)) as [string, string]
    const set = (id: string, history: 'all' | 'none') => ({
      id,
      by: 'bob',
      device: `bob's for ${id}`,
      act: setHistory(history),
      knows: ALL,
    })
    for (const history of ['all', 'none'] as const) {
      const other = history === 'all' ? 'none' : 'all'
      expect(tell(...admins, set(small, history), set(large, other)).history).toBe(history)
      expect(tell(...admins, set(large, other), set(small, history)).history).toBe(history)
    }
  })
})
