// Somebody, or a chat, that can be chosen: what it is known by, and how it is shown.

export type Choice<Key extends string> = {
  readonly key: Key
  readonly name: string
  readonly face: { readonly hash: string | undefined; readonly letters: string; readonly class?: string | undefined }
}
