// What tools/emoji.ts makes when the app is built.

declare module 'virtual:emoji' {
  /** Groups, divided by an empty line: a key, then a line for each emoji, with a plus where it takes a skin tone. */
  export const EMOJI: string
}

declare module 'virtual:emoji/*' {
  /**
   * What a language says to each line of the list: to a group's key a word that finds each country's flag, to an emoji its name and its keywords, divided
   * by a tab, and nothing to a country's flag.
   */
  export const WORDS: string
}
