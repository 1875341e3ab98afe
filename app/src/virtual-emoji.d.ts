// What tools/emoji.ts makes when the app is built, for each language.

declare module 'virtual:emoji/*' {
  /**
   * Groups, divided by an empty line: a key, with a word that finds each country's flag, then a line for each emoji: the emoji, with a plus where it takes
   * a skin tone, its name, and its keywords, divided by tabs. Of a country's flag there is nothing but the flag.
   */
  export const EMOJI: string
}
