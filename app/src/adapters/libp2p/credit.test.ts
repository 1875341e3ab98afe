import { describe, expect, it } from 'vitest'
import { CreditError, ReceiveCredit, SendCredit } from './credit.ts'

describe('credit of the sender', () => {
  it('allows exactly the window and no byte more', () => {
    const credit = new SendCredit(100)
    credit.use(60)
    expect(credit.allows(40)).toBe(true)
    expect(credit.allows(41)).toBe(false)
  })

  it('grows again by what is granted', () => {
    const credit = new SendCredit(100)
    credit.use(100)
    credit.granted(30)
    expect(credit.allows(30)).toBe(true)
    expect(credit.allows(31)).toBe(false)
  })

  it('refuses a grant of more than was used, or of nothing', () => {
    const credit = new SendCredit(100)
    credit.use(10)
    expect(() => credit.granted(11)).toThrow(CreditError)
    expect(() => credit.granted(0)).toThrow(CreditError)
    credit.granted(10)
  })
})

describe('credit of the receiver', () => {
  it('is handed back in portions, not byte by byte', () => {
    const credit = new ReceiveCredit({ windowBytes: 100, grantBytes: 30 })
    credit.received(29)
    expect(credit.take()).toBe(0)
    credit.received(1)
    expect(credit.take()).toBe(30)
    expect(credit.take()).toBe(0)
  })

  it('notices a sender that exceeds the window', () => {
    const credit = new ReceiveCredit({ windowBytes: 100, grantBytes: 30 })
    credit.received(100)
    expect(() => credit.received(1)).toThrow(CreditError)
  })
})
