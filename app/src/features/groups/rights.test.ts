import { expect, it } from 'vitest'
import { ANA, ME } from '../testing/index.ts'
import { canAdd, isLastInCharge, toMemberActs } from './rights.ts'

const member = (role: 'owner' | 'admin' | 'member', mine = false) => ({ account: mine ? ME : ANA, name: undefined, role, mine })

it('only offers what will have an effect', () => {
  const acts = (...own: readonly string[]) => ['write', ...own, 'block']
  expect(toMemberActs('owner', member('member'))).toEqual(acts('promote', 'remove'))
  expect(toMemberActs('owner', member('admin'))).toEqual(acts('hand', 'demote', 'remove'))
  expect(toMemberActs('owner', member('owner'))).toEqual(acts())
  expect(toMemberActs('admin', member('member'))).toEqual(acts('promote', 'remove'))
  expect(toMemberActs('admin', member('admin'))).toEqual(acts())
  for (const role of ['member', undefined] as const) {
    expect(toMemberActs(role, member('member'))).toEqual(acts())
    expect(canAdd(role)).toBe(false)
  }
  expect(toMemberActs('owner', member('owner', true))).toEqual([])
})

it('has nobody write to somebody who is blocked', () => {
  expect(toMemberActs('owner', { ...member('member'), isBlocked: true })).toEqual(['promote', 'remove', 'unblock'])
})

it('knows who would leave the others without anybody in charge', () => {
  expect(isLastInCharge([member('owner', true), member('member')])).toBe(true)
  expect(isLastInCharge([member('owner', true), member('admin')])).toBe(false)
  expect(isLastInCharge([member('owner'), member('member', true)])).toBe(false)
  expect(isLastInCharge([member('owner', true)])).toBe(false)
})
