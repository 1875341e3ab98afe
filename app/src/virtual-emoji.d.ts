// What tools/emoji.ts makes when the app is built, for each language.

declare module 'virtual:emoji/*' {
  /**
   * Groups, divided by an empty line: a key, then a line for each emoji: the emoji, with a plus where it takes a skin tone, its name, and its keywords,
   * divided by tabs.
   */
  export const EMOJI: string
}
