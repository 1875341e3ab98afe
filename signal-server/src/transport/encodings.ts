// In which forms a visitor takes a file (RFC 9110 §12.5.3): brotli before gzip before the plain one, whatever the visitor likes best.

export type Encoding = 'br' | 'gzip' | 'identity'

const CODINGS = ['br', 'gzip', 'identity'] as const

/** Those that are allowed, the smallest first. Empty when the visitor refuses even the plain form. */
export function encodingsOf(acceptEncoding: string | undefined): readonly Encoding[] {
  const weights = new Map((acceptEncoding ?? '').split(',').map(parse))
  const others = weights.get('*')
  return CODINGS.filter((coding) => {
    const weight = weights.get(coding) ?? (coding === 'gzip' ? weights.get('x-gzip') : undefined) ?? others
    // The plain form is taken by whoever does not say otherwise.
    return weight === undefined ? coding === 'identity' : weight > 0
  })
}

/** A weight that cannot be read counts as none: then the plain form is the safe one. */
function parse(part: string): readonly [coding: string, weight: number] {
  const [coding = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
  const [given] = parameters
  if (given === undefined) return [coding, 1]
  const [, weight] = /^q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.exec(given) ?? []
  return [coding, parameters.length === 1 && weight !== undefined ? Number(weight) : 0]
}
