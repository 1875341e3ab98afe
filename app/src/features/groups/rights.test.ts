import { expect, it } from 'vitest'
import { ANA, ME } from '../testing/index.ts'
import { canAdd, isLastInCharge, toMemberActs } from './rights.ts'

const member = (role: 'owner' | 'admin' | 'member', mine = false) => ({ account: mine ? ME : ANA, name: undefined, role, mine })

it('only offers what will have an effect', () => {
  expect(toMemberActs('owner', member('member'))).toEqual(['promote', 'remove'])
  expect(toMemberActs('owner', member('admin'))).toEqual(['hand', 'demote', 'remove'])
  expect(toMemberActs('owner', member('owner'))).toEqual([])
  expect(toMemberActs('admin', member('member'))).toEqual(['promote', 'remove'])
  expect(toMemberActs('admin', member('admin'))).toEqual([])
  for (const role of ['member', undefined] as const) {
    expect(toMemberActs(role, member('member'))).toEqual([])
    expect(canAdd(role)).toBe(false)
  }
  expect(toMemberActs('owner', member('owner', true))).toEqual([])
})

it('knows who would leave the others without anybody in charge', () => {
  expect(isLastInCharge([member('owner', true), member('member')])).toBe(true)
  expect(isLastInCharge([member('owner', true), member('admin')])).toBe(false)
  expect(isLastInCharge([member('owner'), member('member', true)])).toBe(false)
  expect(isLastInCharge([member('owner', true)])).toBe(false)
})
