// Whether a name is meant by what somebody types: a word of it begins so, whatever its accents and capitals.

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()

export const namedLike = (text: string): ((name: string) => boolean) => {
  const wanted = plain(text.trim())
  return (name) => plain(name).startsWith(wanted) || plain(name).includes(` ${wanted}`)
}
