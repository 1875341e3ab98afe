import { describe, expect, it } from 'vitest'
import { AVATAR_CUTS, toAvatarShape } from './avatar.ts'

const hash = (start: string): string => start.padEnd(64, '7')

describe('avatar', () => {
  it('takes hue, cut and turn from the first three bytes of the hash', () => {
    expect(toAvatarShape(hash('020103'))).toEqual({ hue: 30, cut: AVATAR_CUTS[1], turn: 67.5 })
  })

  it('is the same for the same key, and another when a used byte changes', () => {
    expect(toAvatarShape(hash('020103'))).toEqual(toAvatarShape(hash('020103')))
    expect(toAvatarShape(hash('030103'))).not.toEqual(toAvatarShape(hash('020103')))
    expect(toAvatarShape(hash('020203'))).not.toEqual(toAvatarShape(hash('020103')))
    expect(toAvatarShape(hash('020104'))).not.toEqual(toAvatarShape(hash('020103')))
  })

  it('stays within its hues, cuts and turns for every byte', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const { hue, cut, turn } = toAvatarShape(hash(byte.toString(16).padStart(2, '0').repeat(3)))
      expect(hue % 15).toBe(0)
      expect(hue).toBeLessThan(360)
      expect(AVATAR_CUTS).toContain(cut)
      expect(turn).toBeLessThan(360)
    }
  })

  it('draws something even for what is no hash', () => {
    expect(toAvatarShape('not hex')).toEqual({ hue: 0, cut: AVATAR_CUTS[0], turn: 0 })
  })
})
