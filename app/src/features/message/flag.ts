// Flags of countries are two letters of a country's code, each in an alphabet of its own (Unicode TR 51, annex B).

const FIRST_LETTER = 0x1f1e6

/** The code of the country, as in ISO 3166; undefined for everything that is no country's flag. */
export function countryOf(emoji: string): string | undefined {
  const letters = Array.from(emoji).flatMap((letter) => {
    const at = (letter.codePointAt(0) ?? 0) - FIRST_LETTER
    return at >= 0 && at < 26 ? [String.fromCharCode(65 + at)] : []
  })
  return letters.length === 2 ? letters.join('') : undefined
}
