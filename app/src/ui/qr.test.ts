import { describe, expect, it } from 'vitest'
import { encode } from 'uqr'
import { toQrShape } from './qr.ts'

const LINK = `https://chat.example.org/#i/${'AQx7Qmk9vT9s2RdA'.repeat(11)}`

/** Draws the path back into modules, so that the path is compared and not its spelling. */
const toModules = (path: string, size: number): boolean[][] => {
  const modules = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let step = 0; step < Number(width); step += 1) modules[Number(y)]?.splice(Number(x) + step, 1, true)
  }
  return modules
}

describe('QR code', () => {
  it('draws exactly the modules of the code', () => {
    const { size, path } = toQrShape(LINK)
    const { data } = encode(LINK, { ecc: 'L', border: 3 })
    expect(size).toBe(data.length)
    expect(toModules(path, size)).toEqual(data)
  })

  it('keeps a quiet zone around the code', () => {
    const { size, path } = toQrShape(LINK)
    const modules = toModules(path, size)
    expect(modules.slice(0, 3).flat().some(Boolean)).toBe(false)
    expect(
      modules
        .map((row) => row.slice(-3))
        .flat()
        .some(Boolean),
    ).toBe(false)
  })
})
