// Somebody, or a chat, that can be chosen: what it is known by, and how it is shown.

export type Choice<Key extends string, Face extends ChoiceFace = ChoiceFace> = {
  readonly key: Key
  readonly name: string
  /** What whoever offers it draws it from. */
  readonly face: Face
}

export type ChoiceFace = { readonly account: string | undefined }
